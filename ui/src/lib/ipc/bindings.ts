// @generated (provisional: will be overwritten by the export test; do not edit)
/* eslint-disable */
// ---- contract (snake_case: travels untouched from the wire)
export type InstanceId = string; export type IdempotencyKey = string; export type Status = string;
export type Phase = 'running' | 'onItsWay' | 'failed' | 'deleting' | 'gone' | 'unknown';
export type InstanceSummary = { id: InstanceId; agent_name: string | null; created_at: string | null; customer_email: string | null; hostname: string | null; ip_address: string | null; preset_id: string | null; product_tier_name: string | null; provider: string | null; region_id: string | null; runtime_type: string | null; status: Status | null; workload_type: string | null };
export type InstanceDetail = { id: InstanceId; agent_name: string | null; callback_seq: number | null; callback_stage: string | null; capabilities: { [key in string]: boolean }; created_at: string | null; error_message: string | null; health_status: string | null; hostname: string | null; ip_address: string | null; preset_id: string | null; provider: string | null; provisioning_stage: string | null; region_id: string | null; runtime_type: string | null; server_type_plan: string | null; status: Status | null; updated_at: string | null; vpn_ip: string | null; workload_type: string | null };
export type LogLine = { created_at: string | null; level: string | null; message: string | null; seq: number | null; stage: string | null };
export type RuntimeStatus = { active_connections: number | null; bootstrap_seq: number | null; bootstrap_stage: string | null; error_code: string | null; error_message: string | null; health_failures: number | null; health_status: string | null; instance_id: InstanceId; last_heartbeat: string | null; node_version: string | null; openclaw_version: string | null; provision_logs: LogLine[]; provisioning_stage: string | null; skills_loaded: unknown[]; status: Status | null; uptime_seconds: number | null };
export type NewInstance = { region_id: string; tier_id: string; agent_name?: string | null; customer_id?: string | null; idempotency_key?: IdempotencyKey | null; manifest_id?: string | null; preset_id?: string | null; recipe_id?: string | null; user_display_name?: string | null; website_template_slug?: string | null; workflow_slugs?: string[] | null };
export type Deleted = { already_deleted: boolean; instance_id: InstanceId; message: string | null; status: Status | null };
export type FieldProblem = { loc: string[]; msg: string; type: string };
export type ReplyPart = { type: 'text'; value: string } | { type: 'whole'; value: string } | { type: 'tokens'; value: number } | { type: 'failed'; value: string } | { type: 'done' };
// ---- core (camelCase)
/** A refusal or an accident: a closed code a screen acts on, and the technical part. */
export type Failure = { code: Code; detail: string };
export type Code =
  | { type: 'offline' }                                        // no server answered
  | { type: 'notOurApi'; redirect: string | null }             // HTML, a redirect, not the Instances API (captive portal, wrong base URL)
  | { type: 'badAddress'; problem: AddressProblem }
  | { type: 'credentialRefused' }                              // 401
  | { type: 'notAllowed'; operation: string; scope: string | null; message: string | null } // 403
  | { type: 'notFound'; message: string | null }               // 404
  | { type: 'conflict'; message: string | null }               // 409
  | { type: 'invalid'; message: string | null; fields: FieldProblem[] } // 400, 422
  | { type: 'tooManyRequests'; retryAfterSeconds: number | null }
  | { type: 'serverFailed'; status: number; message: string | null }    // 5xx
  | { type: 'unreadable' }                                     // 200 with a body that makes no sense
  | { type: 'mayHaveArrived' }                                 // a write whose outcome nobody knows
  | { type: 'noSession' }
  | { type: 'storage' }                                        // this computer's disk refuses
  | { type: 'keystore' }                                       // this computer's keystore refuses
  | { type: 'deployOpen'; key: IdempotencyKey };               // the same deploy is still being clarified
export type AddressProblem = 'notAUrl' | 'notSecure' | 'userinfo' | 'query';
export type Source = 'live' | 'cached';
export type Seen<T> = { value: T; seenAt: string; source: Source };
export type ProfileId = string;
export type ProfileKind = 'thisComputer' | 'platform';
export type CredentialKind = 'apiKey' | 'bearerToken';
export type Kept = 'keystore' | 'thisRun';
export type CredentialLabel = { kind: CredentialKind; lastFour: string; kept: Kept };
export type Profile = { id: ProfileId; kind: ProfileKind; name: string; baseUrl: string; hue: number; credential: CredentialLabel | null };
/** What the window starts from. `profile: null` = first start (or signed out). `needsCredential` = the profile is there but its key is not. */
export type SessionView = { profile: Profile | null; needsCredential: boolean; denied: Denied[]; cache: CacheKind; scopes: string[] | null; tenant: string | null };
export type CacheKind = 'encrypted' | 'memory';
export type Denied = { operation: string; scope: string | null };
export type PollerState = { type: 'idle' } | { type: 'live' } | { type: 'waiting'; until: string } | { type: 'offline'; since: string; failure: Failure } | { type: 'refused' };
export type PollerView = { state: PollerState; lastAnswerAt: string | null; nextLookAt: string | null };
export type SortBy = 'name' | 'status' | 'host' | 'region' | 'tier' | 'runtime' | 'age';
export type FleetQuery = { text: string; phases: Phase[]; sort: SortBy; descending: boolean };
export type PhaseCounts = { all: number; running: number; onItsWay: number; failed: number; deleting: number; unknown: number };
/** counts: of the whole fleet. seq: grows with each change of what is shown. */
export type FleetFacts = { seq: number; total: number; matched: number; skipped: number; counts: PhaseCounts; seenAt: string | null; source: Source; failure: Failure | null };
export type FleetWindow = { facts: FleetFacts; offset: number; rows: InstanceSummary[] };
export type PlacedRow = { index: number; row: InstanceSummary };
export type InstanceView = { detail: Seen<InstanceDetail> | null; runtime: Seen<RuntimeStatus> | null; failure: Failure | null; gone: boolean };
export type LogsView = { total: number; from: number; lines: LogLine[]; seenAt: string | null; failure: Failure | null };
export type DeployState = 'intent' | 'sent' | 'unknown' | 'absent' | 'accepted' | 'ready' | 'failed' | 'rejected';
export type StageMark = { stage: string; at: string };
/** stages: bootstrap stages in the order they were first seen. typicalSeconds: median of earlier deploys of this profile. */
export type Deploy = { key: IdempotencyKey; state: DeployState; request: NewInstance; confirmedAt: string; sentAt: string | null; settledAt: string | null; taskId: string | null; instanceId: InstanceId | null; hostname: string | null; status: Status | null; provisioningStage: string | null; bootstrapStage: string | null; bootstrapSeq: number | null; stages: StageMark[]; logCount: number; errorMessage: string | null; failure: Failure | null; typicalSeconds: number | null };
export type DeployPreview = { method: string; url: string; json: string; curl: string };
export type Choice = { id: string; name: string | null; note: string | null; source: ChoiceSource };
export type ChoiceSource = 'platform' | 'fleet' | 'earlier' | 'catalog' | 'documented';
export type Choices = { regions: Choice[]; tiers: Choice[]; presets: Choice[]; manifests: Choice[]; recipes: Choice[]; workflows: Choice[]; templates: Choice[]; customers: Choice[] };
export type ExchangeState = { type: 'sending' } | { type: 'answering' } | { type: 'complete' } | { type: 'stopped' } | { type: 'failed'; failure: Failure } | { type: 'mayHaveArrived' };
/** One message and its reply. */
export type Exchange = { id: string; sentAt: string; message: string; reply: string; state: ExchangeState; tookMs: number | null; tokens: number | null };
export type Event =
  | { type: 'fleetChanged'; facts: FleetFacts; rows: PlacedRow[] | null }   // rows null: too much for a message, ask again
  | { type: 'instanceChanged'; id: InstanceId }
  | { type: 'instanceGone'; id: InstanceId }
  | { type: 'logsChanged'; id: InstanceId; total: number }
  | { type: 'deployChanged'; deploy: Deploy }
  | { type: 'deployForgotten'; key: IdempotencyKey }
  | { type: 'pollerChanged'; poller: PollerView }
  | { type: 'sessionChanged' };
export type Theme = 'system' | 'light' | 'dark';
export type Preferences = { theme: Theme; columns: string[] | null; lastView: string | null };
