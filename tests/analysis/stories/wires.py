"""Two invented reports by one desk, and what outlets make of a text."""

from __future__ import annotations

WIRE = (
    "Acme said on Tuesday that a failure of its main computer kept it from shipping parcels for three days.",
    "The company, which serves 8.4 million customers, said that about a third of them would wait longer than promised.",
    'Its chief executive, Dana Whitfield, called the failure "a nuisance that nobody should have to live with".',
    "She promised every customer who was hit a credit of 15 percent on the next bill.",
    "Engineers found the fault in a database that directs the machines in 55 shipping centers.",
    "They brought in a spare system from another state and had it running by Thursday morning.",
    "Shares of Acme closed 2 percent lower at 29 dollars in an otherwise calm market.",
    "Analysts said that the company would hardly lose customers over it, because it had told them early.",
    "Its rival Bolt used the days for a campaign that offered free rentals in its 5,600 stores.",
    "A spokesman for Bolt said that shops with doors and people in them do not depend on one computer.",
    "Acme has grown by a fifth since last summer and expects to reach nine million customers by winter.",
    "It will publish the results of the quarter on 24 October, earlier than it did last year.",
)
OTHER = (
    "Acme opened a warehouse near the harbor on Monday, the eleventh in the region and the first with a roof of glass.",
    "The mayor, Tom Ellery, cut a ribbon and spoke of four hundred places of work for people of the district.",
    "Neighbors had asked for less traffic at night and for trees along the street that leads to the highway.",
    "The architect wanted daylight for those who pack, and a canteen from which one sees the ships come in.",
    "Robots carry the shelves to the tables, where people take out what was ordered and wrap it in paper.",
    "The unions welcomed the wages and criticised the shifts, which begin at five in the morning.",
    "A bakery and a nursery have rented rooms on the ground floor, and a bus line will stop at the gate.",
    "Bolt, the rival, owns the plot next door and has let it lie fallow since the recession.",
)
FRESH = (
    "Regulators in two states have now asked for the records of the maintenance, a person close to the matter said.",
    "A class action was filed on Friday by readers who want the whole fee of the month returned to them.",
    "Whitfield will explain the plan for a second data center to investors at a conference next week.",
    "The supplier of the database rejected the blame and pointed to a change that was made over the weekend.",
    "Former employees told of warnings that had been noted in the logs for most of the spring.",
    "The board met twice and asked an outside expert to find out what could have been known.",
    "Customers in the west were hit hardest, since their centers have no spare machines at all.",
    "A survey among subscribers found that most of them had forgiven the delay by the weekend.",
    "The insurance will cover a part of the credit, according to a note that was sent to the banks.",
    "Competitors have begun to advertise their own reliability on billboards along the coast.",
    "Bolt hired forty of the drivers who had been left without work during the standstill.",
    "Economists doubt that any of it will be visible in the figures of the quarter.",
    "The mayor of the town with the largest center offered to help with a line of power of its own.",
)
LOCAL = (
    "Customers in Dunmere may have noticed it: their mailboxes stayed empty.",
    "Our newsroom asked around at the station, where most had heard of it.",
)
NOTES = (
    "Sign up for our morning letter and never miss what matters to you and your family.",
    "All rights reserved. This material may not be published or rewritten without permission of the Gazette Group.",
)


def text(*sentences: str) -> str:
    """A body, two sentences a paragraph."""
    return "\n".join(" ".join(sentences[n : n + 2]) for n in range(0, len(sentences), 2))
