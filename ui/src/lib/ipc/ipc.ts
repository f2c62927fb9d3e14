/**
 * The one door to the core. Every call resolves with its value or rejects with a `Failure`.
 * Belongs here: the list of calls. Does not belong here: decisions, state, or anything a screen shows.
 */
import type {
  Choices, CredentialKind, Deleted, Deploy, DeployPreview, Event, Exchange, FleetQuery, FleetWindow, IdempotencyKey,
  InstanceId, InstanceView, LogsView, NewInstance, PollerView, Preferences, Profile, ReplyPart, SessionView,
} from './bindings';

export type ProfileId = Profile['id'];

export interface Ipc {
  getSession(): Promise<SessionView>;
  listProfiles(): Promise<Profile[]>;
  /** Starts the platform on this computer if need be and opens its profile. */
  tryDemo(): Promise<SessionView>;
  /** Checks address and credential against the platform, then keeps and opens the profile. */
  connectPlatform(baseUrl: string, name: string, kind: CredentialKind, secret: string): Promise<SessionView>;
  /** Gives a profile whose credential is missing or refused a new one. */
  renewCredential(id: ProfileId, kind: CredentialKind, secret: string): Promise<SessionView>;
  openProfile(id: ProfileId): Promise<SessionView>;
  closeSession(): Promise<void>;
  forgetProfile(id: ProfileId): Promise<void>;

  showFleet(query: FleetQuery, offset: number, limit: number): Promise<FleetWindow>;
  refreshFleet(): Promise<void>;
  getPoller(): Promise<PollerView>;
  /** Whether the window is in front, seen, or hidden: decides how often the core looks. */
  setAttention(attention: 'front' | 'visible' | 'hidden'): Promise<void>;

  watchInstance(id: InstanceId): Promise<InstanceView>;
  unwatchInstance(id: InstanceId): Promise<void>;
  getInstance(id: InstanceId): Promise<InstanceView>;
  refreshInstance(id: InstanceId): Promise<InstanceView>;
  deleteInstance(id: InstanceId): Promise<Deleted>;

  watchLogs(id: InstanceId): Promise<LogsView>;
  unwatchLogs(id: InstanceId): Promise<void>;
  getLogs(id: InstanceId, from: number): Promise<LogsView>;

  getChoices(): Promise<Choices>;
  /** Asks for a catalog file in a native dialogue. False: none was picked. */
  importCatalog(): Promise<boolean>;
  previewDeploy(request: NewInstance): Promise<DeployPreview>;
  startDeploy(request: NewInstance): Promise<Deploy>;
  listDeploys(): Promise<Deploy[]>;
  getDeploy(key: IdempotencyKey): Promise<Deploy>;
  getDeployLogs(key: IdempotencyKey, from: number): Promise<LogsView>;
  checkDeploy(key: IdempotencyKey): Promise<Deploy>;
  resendDeploy(key: IdempotencyKey): Promise<Deploy>;
  dismissDeploy(key: IdempotencyKey): Promise<void>;

  getTranscript(id: InstanceId): Promise<Exchange[]>;
  /** Resolves when the turn has ended, whatever its end; `onPart` gets the reply as it comes. */
  sendMessage(id: InstanceId, exchangeId: string, text: string, onPart: (part: ReplyPart) => void): Promise<Exchange>;
  stopWaiting(id: InstanceId): Promise<void>;
  clearTranscript(id: InstanceId): Promise<void>;

  /** What was typed and not yet sent, by a name such as `chat:<id>` or `deploy`. */
  getDraft(name: string): Promise<string | null>;
  setDraft(name: string, text: string | null): Promise<void>;

  getPreferences(): Promise<Preferences>;
  setPreferences(preferences: Preferences): Promise<void>;
  copyText(text: string): Promise<void>;
  /** Asks in a native dialogue, naming the host, before a link leaves the app. False: refused or declined. */
  openLink(url: string): Promise<boolean>;
  getVersion(): Promise<string>;
  /** The page has painted something worth seeing; until then the window stays hidden. */
  showWindow(): Promise<void>;

  /** Everything the core announces. Returns a function that ends the subscription. */
  onEvent(listener: (event: Event) => void): () => void;
}
