# One image for API and worker; which of them it is, the command says:
#   docker run … drawbridge                        the API
#   docker run … drawbridge dist/src/worker.js     the worker
#   docker run … drawbridge dist/src/cli/main.js   kt
# Not Alpine: the Temporal SDK's core is a native module that is linked against glibc, and there is none for musl.

FROM node:24.21.0-bookworm-slim@sha256:0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6 AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund

FROM dependencies AS build
COPY tsconfig.json ./
COPY dev/build.mjs dev/
COPY dev/build dev/build
COPY src src
COPY workflows workflows
COPY activities activities
RUN node dev/build.mjs

# What runs needs no compiler, and of the SDK's core only the one for this machine (it brings five, 27 MB each).
FROM dependencies AS production-dependencies
RUN npm prune --omit=dev --ignore-scripts --no-audit --no-fund \
  && find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 \
    ! -name "$(uname -m)-unknown-linux-gnu" -exec rm -r {} +

FROM node:24.21.0-bookworm-slim@sha256:0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6
# The worker's TLS to Temporal trusts the system's certificates, which the slim image does not have (Node brings its own). No npm here.
# hadolint ignore=DL3008
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/* /opt/yarn-* /usr/local/lib/node_modules \
    /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /usr/local/bin/yarn /usr/local/bin/yarnpkg
WORKDIR /app
COPY package.json LICENSE ./
COPY --from=production-dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
# The console shows them.
COPY docs/guides/trackers docs/guides/trackers
# MALLOC_ARENA_MAX: glibc would keep an arena for each of the SDK's threads. The file is all that is ever written: mount a tmpfs on /tmp
# and the root may be read-only.
ENV NODE_ENV=production \
  HOST=0.0.0.0 \
  PORT=8080 \
  MALLOC_ARENA_MAX=2 \
  HEALTH_FILE=/tmp/drawbridge.alive
# By number, so that Kubernetes can tell that it is not root; no other process of the host is likely to have it.
USER 10001:10001
EXPOSE 8080
# Both processes keep the file fresh while they are well (src/ops/health/alive-file.ts). For the API `GET /healthz` says the same.
HEALTHCHECK --interval=15s --timeout=5s --start-period=150s --start-interval=2s --retries=2 \
  CMD ["sh", "-c", "test -n \"$(find \"$HEALTH_FILE\" -mmin -1)\""]
# Node itself is process 1: it listens for SIGTERM, and starts no children that somebody would have to bury. The flags are those of
# `npm run start:api` and `start:worker`.
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "--enable-source-maps", "--max-semi-space-size=8", "--heap-growing-percent=40", "--v8-pool-size=1"]
CMD ["dist/src/api.js"]
