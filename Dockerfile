# Bot and worker from one image: `docker run IMAGE` is the bot, `docker run IMAGE worker --site dmz` a worker.
# Pin both bases by digest where the build must be repeatable:
#   docker build --build-arg BUILD_BASE=node:24-bookworm-slim@sha256:… --build-arg RUN_BASE=debian:bookworm-slim@sha256:…
ARG BUILD_BASE=node:24-bookworm-slim
ARG RUN_BASE=debian:bookworm-slim

FROM ${BUILD_BASE} AS build
RUN apt-get update && apt-get install -y --no-install-recommends g++ make python3 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY .ci/build.mjs .ci/build.mjs
COPY src src
COPY adapters adapters
COPY migrations migrations
# What runs needs no sources of native modules, no type declarations, no maps, none of a library's other builds (echarts has
# fifty megabytes of them), two of the fonts, and no symbols for a debugger: 229 MB of modules are 88 then.
# The bill of materials is of what is left.
RUN node .ci/build.mjs && npm prune --omit=dev --no-audit --no-fund \
  && npm sbom --package-lock-only --sbom-format cyclonedx --omit dev > sbom.json \
  && find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.cts' -o -name '*.d.mts' -o -name '*.md' \) ! -iname 'licen[cs]e*' -delete \
  && rm -rf node_modules/echarts/dist node_modules/echarts/types node_modules/zrender/dist node_modules/sqlite3/deps node_modules/sqlite3/src \
  && find node_modules/sqlite3/build -type f ! -name node_sqlite3.node -delete \
  && find node_modules/dejavu-fonts-ttf -type f ! -name package.json ! -name LICENSE ! -name DejaVuSans.ttf ! -name DejaVuSans-Bold.ttf -delete \
  && find node_modules -type d -empty -delete \
  && strip --strip-unneeded -o /usr/local/bin/netdelta-node "$(command -v node)"

FROM ${RUN_BASE}
# Raw sockets for nmap alone: a copy of it has the capability, no process of NetDelta's own does. It needs NET_RAW in the
# container's bounding set, which Docker grants by default. Where it is missing (Kubernetes' restricted policy,
# --cap-drop ALL) that copy can't be started; the plain one behind it on the search path then makes connect scans.
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates libstdc++6 nmap redis-server libcap2-bin tini \
  && cp /usr/bin/nmap /usr/local/bin/nmap && setcap cap_net_raw+eip /usr/local/bin/nmap \
  && apt-get purge -y libcap2-bin && apt-get autoremove -y \
  && rm -rf /var/lib/apt/lists/* /var/cache/* /var/log/* /usr/share/doc /usr/share/man /usr/share/locale \
  && useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin netdelta \
  && install -d -o netdelta -g netdelta -m 0700 /data
COPY --from=build /usr/local/bin/netdelta-node /usr/local/bin/node
WORKDIR /app
COPY --from=build /app/package.json /app/sbom.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
# HOME: a cluster may run it as a user that no file knows.
ENV NODE_ENV=production NETDELTA_DATA_DIR=/data HOME=/data
USER 10001:10001
VOLUME /data
# The bot answers on loopback; a worker serves nothing: start it with --no-healthcheck.
ENV NETDELTA_HTTP=9464
HEALTHCHECK --interval=60s --timeout=10s --start-period=60s --retries=5 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:9464/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["tini", "--", "node", "/app/dist/src/main.js"]
CMD ["bot"]
