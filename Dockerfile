# The production image: the locked packages, the chosen front-end files already hashed, and a user who is not root.

FROM node:24-slim AS frontend
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci

FROM python:3.13-slim AS packages
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements.txt .
RUN python -m venv /opt/venv && /opt/venv/bin/pip install --require-hashes -r requirements.txt

FROM packages AS assets
WORKDIR /app
COPY . .
COPY --from=frontend /app/node_modules node_modules
RUN mkdir -p node_modules/.portal && touch node_modules/.installed \
    && STATIC_ROOT=/static SHOUYANG_HOME=/tmp/home /opt/venv/bin/python manage.py assets --collect

FROM python:3.13-slim
RUN useradd --system --uid 10001 --home-dir /data shouyang && install -d -o shouyang -g shouyang /data
COPY --from=packages /opt/venv /opt/venv
COPY --from=assets /static /static
COPY . /app
WORKDIR /app
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DEMO=0 SHOUYANG_HOME=/data STATIC_ROOT=/static
USER shouyang
VOLUME /data
EXPOSE 8000
# The same as in docker-compose.yml, which also runs the worker and beat.
CMD ["python", "-m", "granian", "shouyang.wsgi:application", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000"]
