# The nightly job in a container: see docs/operations.md. Everything that pip installs is pinned with its hash.
FROM debian:bookworm-slim AS build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates python3 python3-venv \
    && rm -rf /var/lib/apt/lists/*
RUN python3 -m venv /opt/presswatch
COPY requirements.lock /src/
RUN /opt/presswatch/bin/pip install --no-cache-dir --no-deps --require-hashes --only-binary :all: \
    --requirement /src/requirements.lock
COPY . /src
RUN /opt/presswatch/bin/pip install --no-cache-dir --no-deps --no-build-isolation /src

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        ca-certificates python3 libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --create-home press \
    && install --directory --owner press --group press /press
COPY --from=build /opt/presswatch /opt/presswatch
ENV PATH=/opt/presswatch/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 PYTHONUNBUFFERED=1
USER press
WORKDIR /press
VOLUME /press
# SIGTERM finishes what is open; give it a minute (compose.yaml does).
ENTRYPOINT ["presswatch"]
CMD ["nightly"]
