# Stagecoach in a container. There is no build: Node runs the sources. Optional dependencies are left out, because the
# base image brings Node 24; so are those for development.
FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=optional && npm cache clean --force
COPY bin ./bin
COPY src ./src
COPY templates ./templates
RUN mkdir /data && chown node:node /data
USER node
ENV HOST=0.0.0.0 PORT=3000 METRICS_PORT=9090 STAGECOACH_DATA=/data/database
VOLUME /data
EXPOSE 3000 9090
# Node itself is the process that gets SIGTERM; npm would stand between.
CMD ["node", "bin/stagecoach.js", "serve"]
