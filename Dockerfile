# genesys-gitops: node, git and ssh, the compiled program, and its production dependencies.
#
#   docker build --build-arg VERSION=0.1.0 --build-arg REVISION="$(git rev-parse HEAD)" -t genesys-gitops:0.1.0 .
#
# NODE_IMAGE may be a mirror of the official image, or the same with its digest (node:...@sha256:...). It must be Debian.
ARG NODE_IMAGE=docker.io/library/node:26.10.0-bookworm-slim

# Compiles. Nothing of this stage but dist/ goes further. Install scripts stay off: the only one would bring a second Node.
FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY schemas schemas
COPY src src
RUN npm run build

# All that /app will hold. The modes of a checkout depend on whose it is; here everybody may read, and nobody else write.
FROM ${NODE_IMAGE} AS program
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund && rm package-lock.json
COPY LICENSE ./
COPY config-repo-example config-repo-example
COPY schemas schemas
COPY --from=build /app/dist dist
RUN chmod -R u=rwX,go=rX /app

FROM ${NODE_IMAGE}
# git for the source, ssh for repositories behind it, certificates for both. ssh refuses to work for a uid that has no
# name, and OpenShift gives each namespace a uid of its own: libnss-unknown names whoever is unknown.
# Package managers have no business in a running container.
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
      ca-certificates git libnss-unknown openssh-client \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/* /var/log/* \
      /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack \
      /usr/local/bin/yarn /usr/local/bin/yarnpkg /opt/yarn-* /root/.npm \
 && install -d -m 0755 /etc/genesys-gitops /run/secrets \
 && install -d -m 0770 -g 0 /data

COPY --from=program /app /app
WORKDIR /app

# Only /data (the journal, and the cache of the repository) and /tmp are ever written to: the root may be read-only.
ENV NODE_ENV=production HOME=/tmp
# No user is made for this uid, so that it is like any other that a cluster may choose. Group 0 may write to /data.
USER 10001:0
VOLUME ["/data"]
EXPOSE 9464

ARG VERSION=dev
ARG REVISION=unknown
LABEL org.opencontainers.image.title="genesys-gitops" \
      org.opencontainers.image.description="Keeps Genesys Cloud organisations equal to a git repository of YAML." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

# For Docker and Podman; Kubernetes has probes of its own. Where `listen` names another port, say so with --health-cmd.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:9464/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]

# node itself, so that SIGTERM reaches it: neither npm nor a shell would pass it on. Its garbage is collected early: a
# daemon waits for Genesys far more than it computes, and memory is what it is billed for. Not a limit: it may grow.
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "--optimize-for-size", "--heap-growing-percent=15", "/app/dist/main.js"]
CMD ["run", "-c", "/etc/genesys-gitops/genesys-gitops.yaml"]
