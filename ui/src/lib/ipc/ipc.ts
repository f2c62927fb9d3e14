/**
 * The one door to the core. Every call resolves with its value or rejects with a `Failure`.
 * Belongs here: the list of calls. Does not belong here: decisions, state, or anything a screen shows.
 */
import type {
  AlertsView, Baseline, Budget, BulkFormat, BulkItems, BulkItemState, BulkJob, BulkOrder, BulkPlan, BulkTargets, BundlePart, CertificateLabel, Choices, CleanupDone, CleanupPlan, ConfigChange, ConfigChoice, ConfigDraft,
  ConfigPlan, ConfigSaved, DemoRemoved, ConfigVersion, ConfigView, ConsentView, ConversationsView, CredentialKind, Deleted, Deploy, DeployPreview,
  DiagnosisStep, DriftDraft, DriftView, Event, Exchange, FilterReading, FleetQuery, FleetUsageView, FleetWindow, FoundInstance, IdempotencyKey,
  ImportReport, Inbox, InstanceHistory, InstanceId, InstanceView, KeyRotated, LabelFormat, LabelView, LedgerFormat, LedgerPage, LedgerQuery,
  LedgerVerdict, LocalPermission, LocalRuntime, LogFormat, LogQuery, LogsView, LogWindow, ModelOffer, ModelPolicySaved, ModelPolicyView, ModelProvider,
  ModelProviders, ModelTest, NeedsWindow, NetworkStep, NewInstance, NewModelProvider, NewsRules, NewsWishes, PlatformConfigSaved, PlatformConfigView,
  PollerView, Preferences, Profile, ProfileEdit, Prompt, ReplyPart, RowsFormat, SavedView, SecurityView, SessionView, SetPermission, SideBySide,
  SideFailure, SkillUse, Spoken, SpokenAct, StorageView, Suggestion, Tagged, TagsOfMany, TrafficMinute, TranscriptView, UnexpectedEnd, UpdatesApplied,
  UsageView, ViewCount, ViewRule,
} from './bindings';

export type ProfileId = Profile['id'];

export interface Ipc {
  getSession(): Promise<SessionView>;
  listProfiles(): Promise<Profile[]>;
  /** Starts the platform on this computer if need be and opens its profile. `demo`: one that is new begins with simulated agents. */
  openThisComputer(demo: boolean): Promise<SessionView>;
  /** Checks address and credential against the platform, then keeps and opens the profile. */
  connectPlatform(baseUrl: string, name: string, kind: CredentialKind, secret: string, edit?: ProfileEdit | null): Promise<SessionView>;
  /** Gives a profile whose credential is missing or refused a new one. */
  renewCredential(id: ProfileId, kind: CredentialKind, secret: string): Promise<SessionView>;
  openProfile(id: ProfileId): Promise<SessionView>;
  closeSession(): Promise<void>;
  forgetProfile(id: ProfileId): Promise<void>;
  updateProfile(id: ProfileId, edit: ProfileEdit): Promise<Profile>;
  orderProfiles(ids: ProfileId[]): Promise<Profile[]>;
  /** Tries the way to a platform as an edit would have it; `onStep` gets each layer as it is known. Nothing is kept. */
  testConnection(id: ProfileId | null, baseUrl: string, edit: ProfileEdit, secret: [CredentialKind, string] | null, onStep: (step: NetworkStep) => void): Promise<NetworkStep[]>;
  /** Asks for a file of certificates and checks it. Null: none was picked. */
  pickCertificate(): Promise<CertificateLabel | null>;
  /** Asks where to save. False: nothing was saved. */
  exportProfiles(): Promise<boolean>;
  /** Asks for a file of profiles. Null: none was picked. */
  importProfiles(): Promise<ImportReport | null>;

  getSecurity(): Promise<SecurityView>;
  lockNow(): Promise<void>;
  /** Rejects with `wrongPassphrase`, `vaultBroken`, `keystore`. */
  unlock(passphrase: string | null): Promise<SessionView>;
  /** There was input in the window. */
  noteActivity(): Promise<void>;
  setIdleMinutes(minutes: number | null): Promise<SecurityView>;
  setAppPassphrase(old: string | null, next: string | null): Promise<SecurityView>;
  /** Makes a file that the passphrase opens, and moves all secrets into it. */
  createVault(passphrase: string): Promise<SecurityView>;
  changeVaultPassphrase(old: string, next: string): Promise<SecurityView>;
  /** Moves all secrets back to the system's keystore. */
  closeVault(passphrase: string): Promise<SecurityView>;
  /** Its keys are lost, profiles stay. */
  eraseVault(): Promise<SecurityView>;
  keepForThisRun(thisRun: boolean): Promise<SecurityView>;

  showFleet(query: FleetQuery, offset: number, limit: number): Promise<FleetWindow>;
  /** What a few letters may mean, the nearest first; the view of the list stays as it is. */
  findInstances(text: string, limit: number): Promise<FoundInstance[]>;
  /** What a filter's text means, and what of it means nothing. Places count characters. */
  readFilter(text: string): Promise<FilterReading>;
  /** What could follow where the cursor stands. */
  completeFilter(text: string, cursor: number): Promise<Suggestion[]>;
  /** What needs a person, the worst first; and where one of them is now. */
  showNeeds(anchor: string | null, offset: number, limit: number): Promise<NeedsWindow>;
  /** Two to six instances side by side, from what is known of them. */
  showSides(ids: InstanceId[], onlyDifferences: boolean): Promise<SideBySide>;
  /** Reads one of them anew; resolves with what could not be read. */
  lookAtSide(id: InstanceId): Promise<SideFailure[]>;
  refreshFleet(): Promise<void>;
  getPoller(): Promise<PollerView>;
  /** What was sent and came in the last sixty minutes, oldest first. */
  getTraffic(): Promise<TrafficMinute[]>;
  /** The system says that its network is there again, or gone. */
  setNetwork(there: boolean): Promise<void>;
  /** Whether the window is in front, seen, or hidden: decides how often the core looks. */
  setAttention(attention: 'front' | 'visible' | 'hidden'): Promise<void>;

  /** What the open profile keeps on this computer. */
  getStorage(): Promise<StorageView>;
  setCacheLimit(limitMb: number): Promise<StorageView>;
  /** Forgets everything that was kept; the profile and its key stay. */
  clearCache(): Promise<StorageView>;

  watchInstance(id: InstanceId): Promise<InstanceView>;
  unwatchInstance(id: InstanceId): Promise<void>;
  getInstance(id: InstanceId): Promise<InstanceView>;
  refreshInstance(id: InstanceId): Promise<InstanceView>;
  deleteInstance(id: InstanceId): Promise<Deleted>;

  /** What this app itself has seen of it. Ask again on `instanceChanged`. */
  getHistory(id: InstanceId): Promise<InstanceHistory>;
  /** Walks from the platform's name to the agent's channels; `onStep` gets each step as it is known. */
  diagnoseInstance(id: InstanceId, onStep: (step: DiagnosisStep) => void): Promise<DiagnosisStep[]>;
  applyUpdates(id: InstanceId): Promise<UpdatesApplied>;
  rotateKey(id: InstanceId): Promise<KeyRotated>;
  /** What a clean-up would delete, from the list. Nothing is sent that changes anything. */
  planCleanup(): Promise<CleanupPlan>;
  /** Has the platform delete everything dead, then looks what became of those that were expected to go. */
  runCleanup(expected: InstanceId[]): Promise<CleanupDone>;
  /** An act in words for a terminal, without secrets. Sends nothing. */
  speakAct(act: SpokenAct): Promise<Spoken>;

  /** Some ids of what matches, in the query's order. */
  listMatchedIds(query: FleetQuery, offset: number, limit: number): Promise<InstanceId[]>;
  /** How many of some instances match. */
  countMatched(query: FleetQuery, ids: InstanceId[]): Promise<number>;
  /** What one act on many would do, and a window of the rows it would be done to. Nothing is sent. */
  planBulk(order: BulkOrder, offset: number, limit: number): Promise<BulkPlan>;
  /** Begins what was shown. Rejects with `conflict` where the fleet is another by now or a job goes on, with `declined` without the words that deleting takes. */
  startBulk(order: BulkOrder, confirmed: number, typed: string | null): Promise<BulkJob>;
  listBulk(): Promise<BulkJob[]>;
  getBulk(id: string): Promise<BulkJob>;
  /** A window of its items, the failed first; at most 200. */
  listBulkItems(id: string, state: BulkItemState | null, offset: number, limit: number): Promise<BulkItems>;
  continueBulk(id: string): Promise<BulkJob>;
  retryBulk(id: string): Promise<BulkJob>;
  pauseBulk(id: string): Promise<BulkJob>;
  cancelBulk(id: string): Promise<BulkJob>;
  dismissBulk(id: string): Promise<void>;
  /** Asks where to save. False: nothing was saved. */
  exportBulk(id: string, format: BulkFormat): Promise<boolean>;
  exportInstances(targets: BulkTargets, format: RowsFormat): Promise<boolean>;

  /** Resolves when the first look is done. */
  watchLogs(id: InstanceId): Promise<void>;
  unwatchLogs(id: InstanceId): Promise<void>;
  /** A window of the rows that match; at most 500 at a time. */
  showLogs(id: InstanceId, query: LogQuery, offset: number, limit: number): Promise<LogWindow>;
  /** The place of the first matching row at or after a time. */
  findLogTime(id: InstanceId, query: LogQuery, at: string): Promise<number>;
  /** Asks where to save in a native dialogue. False: nothing was saved. */
  exportLogs(id: InstanceId, query: LogQuery, format: LogFormat, redact: boolean): Promise<boolean>;

  openConfig(id: InstanceId): Promise<ConfigView>;
  /** The text of a draft: its edits applied to its text or to its base. */
  renderConfig(id: InstanceId, draft: ConfigDraft): Promise<string>;
  /** Reads the server's document anew and says what saving would do. */
  planConfig(id: InstanceId, draft: ConfigDraft, choices: ConfigChoice[]): Promise<ConfigPlan>;
  /** Sends exactly what the plan showed, reads back and compares. Rejects with `conflict` when somebody wrote after the plan. */
  saveConfig(id: InstanceId, plan: string): Promise<ConfigSaved>;
  listConfigVersions(id: InstanceId): Promise<ConfigVersion[]>;
  getConfigVersion(id: InstanceId, version: number): Promise<string>;
  compareConfigVersions(id: InstanceId, from: number, to: number): Promise<ConfigChange[]>;
  /** An imported JSON Schema for a runtime type, as text. */
  getConfigSchema(runtimeType: string): Promise<string | null>;
  /** Asks for a JSON Schema file. False: none was picked. */
  importConfigSchema(runtimeType: string): Promise<boolean>;

  getPlatformConfig(id: InstanceId): Promise<PlatformConfigView>;
  /** Sends the touched fields, each whole, and reads back. */
  patchPlatformConfig(id: InstanceId, fields: Record<string, unknown>): Promise<PlatformConfigSaved>;
  getSkillUse(): Promise<SkillUse>;

  getModelPolicy(id: InstanceId): Promise<ModelPolicyView>;
  /** Sends the whole policy. */
  updateModelPolicy(id: InstanceId, policy: Record<string, unknown>): Promise<ModelPolicySaved>;
  /** Null: the platform does not offer it. */
  listModels(): Promise<ModelOffer[] | null>;

  getConsent(id: InstanceId): Promise<ConsentView>;
  setConsent(id: InstanceId, granted: boolean, purpose: string): Promise<ConsentView>;
  /** Rejects with `notAllowed` where consent is missing; cached transcripts are purged then. */
  listConversations(id: InstanceId, limit: number): Promise<ConversationsView>;
  getConversation(id: InstanceId, conversation: string): Promise<TranscriptView>;

  /** Days are the server's (UTC), both ends included. */
  getUsage(id: InstanceId, from: string, to: string): Promise<UsageView>;
  /** The last 30 days of the instances fetched so far. */
  getFleetUsage(): Promise<FleetUsageView>;
  /** Fetches the rest in the background; progress comes as `fleetUsageChanged`. */
  fetchFleetUsage(): Promise<void>;
  stopFleetUsage(): Promise<void>;
  listBudgets(): Promise<Budget[]>;
  setBudget(scope: string, monthlyUsd: string | null): Promise<Budget[]>;

  /** A window of what was done from this computer, in every profile, newest first; at most 500 lines. */
  showLedger(query: LedgerQuery, offset: number, limit: number): Promise<LedgerPage>;
  /** What the newest check of this run found; null before the first. */
  getLedgerVerdict(): Promise<LedgerVerdict | null>;
  /** Walks through the whole chain and holds it against its seals. */
  verifyLedger(): Promise<LedgerVerdict>;
  /** Asks where to save in a native dialogue. False: nothing was saved. */
  exportLedger(query: LedgerQuery, format: LedgerFormat): Promise<boolean>;

  /** Null: the platform does not offer it. */
  getAlerts(): Promise<AlertsView | null>;

  listPrompts(): Promise<Prompt[]>;
  savePrompt(prompt: Prompt): Promise<Prompt[]>;
  deletePrompt(id: string): Promise<Prompt[]>;

  /** What is noted of an instance on this computer: never sent. */
  getLabel(id: InstanceId): Promise<LabelView>;
  setStar(id: InstanceId, starred: boolean): Promise<LabelView>;
  /** Rejects with `invalid` where it is too long. */
  setNote(id: InstanceId, note: string): Promise<LabelView>;
  /** Which tags some instances have, and which of them. */
  listTagsOf(ids: InstanceId[]): Promise<TagsOfMany>;
  /** Takes tags away and gives others. Rejects with `invalid` for a text that is no tag; nothing is changed then. */
  tagInstances(ids: InstanceId[], add: string[], remove: string[]): Promise<Tagged>;
  /** Asks where to save in a native dialogue. False: nothing was saved. */
  exportLabels(format: LabelFormat): Promise<boolean>;

  listViews(): Promise<SavedView[]>;
  /** In the place of the one with its id, else at the end. Rejects with `invalid` where the name is taken or none. */
  saveView(view: SavedView): Promise<SavedView[]>;
  orderViews(ids: string[]): Promise<SavedView[]>;
  deleteView(id: string): Promise<SavedView[]>;
  /** How many instances each pinned view has now. */
  countPinnedViews(): Promise<ViewCount[]>;

  listBaselines(): Promise<Baseline[]>;
  /** Reads an instance's settings and keeps them; under a known id in its place. Rejects with `invalid` where the name is taken or none. */
  saveBaseline(id: string, name: string, from: InstanceId): Promise<Baseline[]>;
  deleteBaseline(id: string): Promise<Baseline[]>;
  /** Null: they follow nothing any more. */
  followBaseline(id: string | null, targets: BulkTargets): Promise<Baseline[]>;
  /** How far it is from its baseline; null where it follows none. */
  getDrift(id: InstanceId): Promise<DriftView | null>;
  /** The way back for the editor; nothing is sent. */
  draftDrift(id: InstanceId): Promise<DriftDraft>;
  /** What changed by itself, the newest first. */
  getInbox(): Promise<Inbox>;
  /** Null: all. */
  markNews(ids: string[] | null, read: boolean): Promise<Inbox>;
  clearNews(): Promise<Inbox>;
  getNewsWishes(): Promise<NewsWishes>;
  setNewsRules(rules: NewsRules): Promise<NewsWishes>;
  /** Null: as of everything. */
  setViewRule(view: string, rule: ViewRule | null): Promise<NewsWishes>;
  /** By the system, where it has a service for them. */
  showNotification(news: string, title: string, body: string): Promise<void>;
  /** The link that the system handed over last, once. */
  takeLink(): Promise<string | null>;

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

  /** The program that real agents on this computer run in; it is told anew as `localRuntimeChanged`. Null: the platform has no such thing. */
  getLocalRuntime(): Promise<LocalRuntime | null>;
  /** Begins to install it, or goes on after a failure. */
  installLocalRuntime(): Promise<LocalRuntime>;
  /** Removes it, or ends an installation. Rejects with `conflict` while an agent uses it. */
  removeLocalRuntime(): Promise<LocalRuntime>;
  setKeepRunning(keepRunning: boolean): Promise<LocalRuntime>;
  /** Where real agents think, the found ones last. Null: the platform has no such thing. */
  listModelProviders(): Promise<ModelProviders | null>;
  getModelProvider(name: string): Promise<ModelProvider>;
  putModelProvider(name: string, provider: NewModelProvider): Promise<ModelProvider>;
  /** Rejects with `conflict` while an agent uses it. */
  deleteModelProvider(name: string): Promise<ModelProviders>;
  /** Asks a model one short question; nothing is kept. */
  testModelProvider(name: string, provider: NewModelProvider): Promise<ModelTest>;
  /** What a real agent may do on this computer. Null: that is no question here, as for a simulated one. */
  getLocalPermission(id: InstanceId): Promise<LocalPermission | null>;
  /** Rejects with `notAllowed` without the sentence that the widest one takes. */
  setLocalPermission(id: InstanceId, permission: SetPermission): Promise<LocalPermission>;
  /** Removes every simulated instance. */
  removeDemo(): Promise<DemoRemoved>;

  /** How the run before ended, where it did so without a word. Told once. */
  getUnexpectedEnd(): Promise<UnexpectedEnd | null>;
  /** Writes an error of the page to the log, without secrets; resolves with what it is called there. */
  noteMishap(what: string): Promise<string>;
  /** Everything that a support bundle can have, without secrets. */
  getSupportBundle(): Promise<BundlePart[]>;

  getPreferences(): Promise<Preferences>;
  setPreferences(preferences: Preferences): Promise<void>;
  copyText(text: string): Promise<void>;
  /** Asks where to save in a native dialogue. False: nothing was saved. */
  saveText(name: string, text: string): Promise<boolean>;
  /** The same for a picture, as base64. */
  savePicture(name: string, png: string): Promise<boolean>;
  /** Asks in a native dialogue, naming the host, before a link leaves the app. False: refused or declined. */
  openLink(url: string): Promise<boolean>;
  getVersion(): Promise<string>;
  /** The page has painted something worth seeing; until then the window stays hidden. */
  showWindow(): Promise<void>;

  /** Everything the core announces. Returns a function that ends the subscription. */
  onEvent(listener: (event: Event) => void): () => void;
}
