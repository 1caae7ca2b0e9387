# Bot and worker from one image: `docker run IMAGE` is the bot, `docker run IMAGE worker --site dmz` a worker.
FROM node:20-bookworm-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends g++ make python3 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY .ci/build.mjs .ci/build.mjs
COPY src src
COPY adapters adapters
COPY migrations migrations
RUN node .ci/build.mjs && npm prune --omit=dev --no-audit --no-fund

FROM node:20-bookworm-slim
# Raw sockets for nmap alone: the file has the capability, no process of NetDelta's own does. It needs NET_RAW in the
# container's bounding set, which Docker grants by default.
RUN apt-get update \
  && apt-get install -y --no-install-recommends nmap redis-server libcap2-bin tini \
  && setcap cap_net_raw+eip /usr/bin/nmap \
  && apt-get purge -y libcap2-bin && apt-get autoremove -y && rm -rf /var/lib/apt/lists/* \
  && useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin netdelta \
  && install -d -o netdelta -g netdelta -m 0700 /data
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
ENV NODE_ENV=production NETDELTA_DATA_DIR=/data
USER netdelta
VOLUME /data
ENTRYPOINT ["tini", "--", "node", "/app/dist/src/main.js"]
CMD ["bot"]
