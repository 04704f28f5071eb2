"""How a training row is read: names masked, exchanged, or one company in two places."""

from analysis.tone.training.data import NameExchange, Row, masked, merged

SENTENCE = "Corvid mocks Ambrel as Dunmore looks on."
ROW = Row(SENTENCE, spans=((13, 19),), others=((0, 6), (23, 30)), label=0, source="sentences_a", block=0)


def test_other_brands_are_masked_where_they_are_known() -> None:
    assert masked(ROW) == "Otherbrand mocks Thebrand as Otherbrand looks on."
    assert masked(ROW, known=False) == "Corvid mocks Thebrand as Dunmore looks on."


def test_one_company_in_two_places() -> None:
    assert masked(merged(ROW, "Corvid")) == "Thebrand mocks Thebrand as Otherbrand looks on."
    assert merged(ROW, "Corvid").label == ROW.label


def test_names_are_exchanged_only_where_asked() -> None:
    never, always = NameExchange([ROW], seed=1, mask=1.0), NameExchange([ROW], seed=1, same=1.0, mask=1.0)
    assert {never(ROW) for _ in range(50)} == {masked(ROW)}
    both = {masked(merged(ROW, name)) for name in ("Corvid", "Dunmore")}
    # The target is named second here: about every other time.
    assert {always(ROW) for _ in range(50)} == both | {masked(ROW)}
