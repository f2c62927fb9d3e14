-- Times are milliseconds since 1970, UTC. Documents are JSON as text.

-- One row for each idempotency key of a tenant. The worker makes the instance a moment later.
CREATE TABLE IF NOT EXISTS deploys (
    tenant          TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    task_id         TEXT NOT NULL,
    customer        TEXT NOT NULL,
    customer_email  TEXT NOT NULL,
    body            TEXT NOT NULL,
    created_at      INTEGER NOT NULL,
    instance_id     TEXT,
    PRIMARY KEY (tenant, idempotency_key)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS waiting_deploys ON deploys (created_at) WHERE instance_id IS NULL;

-- A deleted instance keeps its row; its unique fields are freed.
CREATE TABLE IF NOT EXISTS instances (
    id                   TEXT PRIMARY KEY,
    tenant               TEXT NOT NULL,
    customer             TEXT NOT NULL,
    customer_email       TEXT NOT NULL,
    agent_name           TEXT,
    hostname             TEXT UNIQUE,
    ip_address           TEXT,
    vpn_ip               TEXT UNIQUE,
    provider             TEXT NOT NULL,
    provider_instance_id TEXT UNIQUE,
    region_id            TEXT NOT NULL,
    preset_id            TEXT NOT NULL,
    tier_id              TEXT NOT NULL,
    tier_name            TEXT,
    server_plan          TEXT,
    runtime_type         TEXT NOT NULL,
    recipe_id            TEXT,
    workflow_slugs       TEXT NOT NULL,
    status               TEXT NOT NULL,
    provisioning_stage   TEXT NOT NULL,
    bootstrap_seq        INTEGER NOT NULL,
    error_code           TEXT,
    error_message        TEXT,
    temper               INTEGER NOT NULL,
    seeded               INTEGER NOT NULL,
    consent              INTEGER NOT NULL,
    agent_key_hash       TEXT,
    created_at           INTEGER NOT NULL,
    updated_at           INTEGER NOT NULL,
    ready_at             INTEGER,
    deleting_at          INTEGER,
    deleted_at           INTEGER
);
CREATE INDEX IF NOT EXISTS living_instances ON instances (tenant, created_at) WHERE deleted_at IS NULL;
CREATE INDEX IF NOT EXISTS moving_instances ON instances (status)
    WHERE deleted_at IS NULL AND status IN ('provisioning', 'deleting');

-- What happened to an agent since its instance was made. No row where nothing did.
CREATE TABLE IF NOT EXISTS agents (
    instance_id    TEXT PRIMARY KEY,
    key_taken_at   INTEGER,
    renewed_at     INTEGER,
    troubled_since INTEGER,
    policy_waits   INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

-- The audit trail: how an instance was made. Never deleted.
CREATE TABLE IF NOT EXISTS provision_snapshots (
    instance_id TEXT PRIMARY KEY,
    tenant      TEXT NOT NULL,
    taken_at    INTEGER NOT NULL,
    snapshot    TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS log_lines (
    instance_id TEXT NOT NULL,
    seq         INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    level       TEXT NOT NULL,
    stage       TEXT NOT NULL,
    message     TEXT NOT NULL,
    PRIMARY KEY (instance_id, seq)
) WITHOUT ROWID;

-- How far a real agent's own log was read.
CREATE TABLE IF NOT EXISTS agent_logs (
    instance_id TEXT PRIMARY KEY,
    cursor      INTEGER
) WITHOUT ROWID;

-- What was written over the values that an instance began with; null is "as it began".
CREATE TABLE IF NOT EXISTS settings (
    instance_id     TEXT PRIMARY KEY,
    config          TEXT,
    model_policy    TEXT,
    platform_config TEXT
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS messages (
    instance_id     TEXT NOT NULL,
    conversation_id TEXT NOT NULL,
    seq             INTEGER NOT NULL,
    participant     TEXT NOT NULL,
    role            TEXT NOT NULL,
    content         TEXT NOT NULL,
    tokens          INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    PRIMARY KEY (instance_id, conversation_id, seq)
) WITHOUT ROWID;

-- What makes an instance a real agent of this computer. Secrets are elsewhere.
CREATE TABLE IF NOT EXISTS local_agents (
    instance_id TEXT PRIMARY KEY,
    permission  TEXT NOT NULL,
    provider    TEXT NOT NULL,
    model       TEXT NOT NULL,
    -- The process that serves it; none while there is none. A pid alone may be another process's by now.
    port        INTEGER,
    pid         INTEGER,
    pid_started TEXT
) WITHOUT ROWID;

-- Model providers of this computer; keys are elsewhere. Models are JSON.
CREATE TABLE IF NOT EXISTS model_providers (
    name     TEXT PRIMARY KEY,
    base_url TEXT NOT NULL,
    models   TEXT NOT NULL
) WITHOUT ROWID;

-- What a person chose for this computer's agents.
CREATE TABLE IF NOT EXISTS choices (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
