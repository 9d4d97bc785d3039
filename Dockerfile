# syntax=docker/dockerfile:1

FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY helpers helpers
COPY src src
COPY scripts/bundle.ts scripts/
RUN npm run build && npm prune --omit=dev --ignore-scripts

# No shell, no package manager, user 65532.
FROM gcr.io/distroless/nodejs24-debian12:nonroot
WORKDIR /app
ENV NODE_ENV=production
COPY --from=build --chown=0:0 /app/node_modules node_modules
COPY --from=build --chown=0:0 /app/dist dist
COPY --chown=0:0 package.json LICENSE ./
COPY --chown=0:0 bin bin
COPY --chown=0:0 crds crds
COPY --chown=0:0 config config
USER 65532:65532
# Templates come from tenants: nothing in this process may turn text into code.
ENTRYPOINT ["/nodejs/bin/node", "--disallow-code-generation-from-strings", "--unhandled-rejections=strict", "bin/gitopsset.js"]
CMD ["controller", "--leader-elect"]
