# One image of any binary of the workspace:
#   docker build -t galleria .
#   docker build -t galleria-inventory --build-arg PACKAGE=galleria-service --build-arg FEATURES=inventory .
# The images to build in and to run on are arguments, so that it also builds where no registry is reached.
ARG BUILD_IMAGE=rust:1.95-slim-bookworm
ARG RUN_IMAGE=debian:bookworm-slim

FROM ${BUILD_IMAGE} AS build
# `galleria`, or `galleria-service`, which has no gateway and no commands.
ARG PACKAGE=galleria
# Empty for all; otherwise these alone, with commas between them.
ARG FEATURES=
WORKDIR /source
COPY . .
RUN --mount=type=cache,target=/source/target --mount=type=cache,target=/usr/local/cargo/registry \
    cargo build --release --locked --package "$PACKAGE" --bin "$PACKAGE" \
        ${FEATURES:+--no-default-features --features "$FEATURES"} \
    && mkdir -p /image/data /image/bin && cp "target/release/$PACKAGE" /image/bin/galleria

FROM ${RUN_IMAGE}
COPY --from=build /image/bin/galleria /usr/local/bin/galleria
# The only place that it writes to; mount a volume there. All else may be read-only.
COPY --from=build --chown=10001:10001 /image/data /data
WORKDIR /
USER 10001:10001
VOLUME /data
ENV GALLERIA__SERVER__ADDRESS=0.0.0.0:8080 \
    GALLERIA__SERVER__INTERNAL_ADDRESS=0.0.0.0:9090
EXPOSE 8080 9090
HEALTHCHECK --interval=10s --timeout=6s --start-period=20s \
    CMD ["/usr/local/bin/galleria", "health"]
ENTRYPOINT ["/usr/local/bin/galleria"]
