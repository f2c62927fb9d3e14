/**
 * The door in the app: the generated commands, with refusals turned into rejections.
 * Belongs here: unwrapping. Does not belong here: anything that the other door would have to repeat.
 */
import { Channel } from '@tauri-apps/api/core';
import { commands, events, type DiagnosisStep, type Event, type Failure, type NetworkStep, type ReplyPart } from './bindings';
import type { Ipc } from './ipc';

type Answer<T> = { status: 'ok'; data: T } | { status: 'error'; error: Failure };

/** The framework itself rejects with a plain string: that too becomes a `Failure`. */
async function unwrap<T>(call: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await call;
  } catch (thrown) {
    throw { code: { type: 'unreadable' }, detail: String(thrown) } satisfies Failure;
  }
  if (answer.status === 'ok') return answer.data;
  const { error } = answer;
  throw typeof error === 'string' ? ({ code: { type: 'unreadable' }, detail: error } satisfies Failure) : error;
}

async function settle(call: Promise<Answer<null>>): Promise<void> {
  await unwrap(call);
}

export function createTauriIpc(): Ipc {
  return {
    getSession: () => unwrap(commands.getSession()),
    listProfiles: () => unwrap(commands.listProfiles()),
    openThisComputer: (demo) => unwrap(commands.openThisComputer(demo)),
    connectPlatform: (baseUrl, name, kind, secret, edit = null) => unwrap(commands.connectPlatform(baseUrl, name, kind, secret, edit)),
    renewCredential: (id, kind, secret) => unwrap(commands.renewCredential(id, kind, secret)),
    openProfile: (id) => unwrap(commands.openProfile(id)),
    closeSession: () => settle(commands.closeSession()),
    forgetProfile: (id) => settle(commands.forgetProfile(id)),
    updateProfile: (id, edit) => unwrap(commands.updateProfile(id, edit)),
    orderProfiles: (ids) => unwrap(commands.orderProfiles(ids)),
    testConnection: (id, baseUrl, edit, secret, onStep) => {
      const channel = new Channel<NetworkStep>();
      channel.onmessage = onStep;
      return unwrap(commands.testConnection(id, baseUrl, edit, secret, channel));
    },
    pickCertificate: () => unwrap(commands.pickCertificate()),
    exportProfiles: () => unwrap(commands.exportProfiles()),
    importProfiles: () => unwrap(commands.importProfiles()),

    getSecurity: () => unwrap(commands.getSecurity()),
    lockNow: () => settle(commands.lockNow()),
    unlock: (passphrase) => unwrap(commands.unlock(passphrase)),
    noteActivity: () => settle(commands.noteActivity()),
    setIdleMinutes: (minutes) => unwrap(commands.setIdleMinutes(minutes)),
    setAppPassphrase: (old, next) => unwrap(commands.setAppPassphrase(old, next)),
    createVault: (passphrase) => unwrap(commands.createVault(passphrase)),
    changeVaultPassphrase: (old, next) => unwrap(commands.changeVaultPassphrase(old, next)),
    closeVault: (passphrase) => unwrap(commands.closeVault(passphrase)),
    eraseVault: () => unwrap(commands.eraseVault()),
    keepForThisRun: (thisRun) => unwrap(commands.keepForThisRun(thisRun)),

    showFleet: (query, offset, limit) => unwrap(commands.showFleet(query, offset, limit)),
    findInstances: (text, limit) => unwrap(commands.findInstances(text, limit)),
    readFilter: (text) => unwrap(commands.readFilter(text)),
    completeFilter: (text, cursor) => unwrap(commands.completeFilter(text, cursor)),
    showNeeds: (anchor, offset, limit) => unwrap(commands.showNeeds(anchor, offset, limit)),
    showSides: (ids, onlyDifferences) => unwrap(commands.showSides(ids, onlyDifferences)),
    lookAtSide: (id) => unwrap(commands.lookAtSide(id)),
    listBaselines: () => unwrap(commands.listBaselines()),
    saveBaseline: (id, name, from) => unwrap(commands.saveBaseline(id, name, from)),
    deleteBaseline: (id) => unwrap(commands.deleteBaseline(id)),
    followBaseline: (id, targets) => unwrap(commands.followBaseline(id, targets)),
    getDrift: (id) => unwrap(commands.getDrift(id)),
    draftDrift: (id) => unwrap(commands.draftDrift(id)),
    refreshFleet: () => settle(commands.refreshFleet()),
    getPoller: () => unwrap(commands.getPoller()),
    getTraffic: () => unwrap(commands.getTraffic()),
    setNetwork: (there) => settle(commands.setNetwork(there)),
    getStorage: () => unwrap(commands.getStorage()),
    setCacheLimit: (limitMb) => unwrap(commands.setCacheLimit(limitMb)),
    clearCache: () => unwrap(commands.clearCache()),
    setAttention: (attention) => settle(commands.setAttention(attention)),

    watchInstance: (id) => unwrap(commands.watchInstance(id)),
    unwatchInstance: (id) => settle(commands.unwatchInstance(id)),
    getInstance: (id) => unwrap(commands.getInstance(id)),
    refreshInstance: (id) => unwrap(commands.refreshInstance(id)),
    deleteInstance: (id) => unwrap(commands.deleteInstance(id)),

    getHistory: (id) => unwrap(commands.getHistory(id)),
    diagnoseInstance: (id, onStep) => {
      const channel = new Channel<DiagnosisStep>();
      channel.onmessage = onStep;
      return unwrap(commands.diagnoseInstance(id, channel));
    },
    applyUpdates: (id) => unwrap(commands.applyUpdates(id)),
    rotateKey: (id) => unwrap(commands.rotateKey(id)),
    planCleanup: () => unwrap(commands.planCleanup()),
    speakAct: (act) => unwrap(commands.speakAct(act)),
    runCleanup: (expected) => unwrap(commands.runCleanup(expected)),

    countMatched: (query, ids) => unwrap(commands.countMatched(query, ids)),
    listMatchedIds: (query, offset, limit) => unwrap(commands.listMatchedIds(query, offset, limit)),
    planBulk: (order, offset, limit) => unwrap(commands.planBulk(order, offset, limit)),
    startBulk: (order, confirmed, typed) => unwrap(commands.startBulk(order, confirmed, typed)),
    listBulk: () => unwrap(commands.listBulk()),
    getBulk: (id) => unwrap(commands.getBulk(id)),
    listBulkItems: (id, state, offset, limit) => unwrap(commands.listBulkItems(id, state, offset, limit)),
    continueBulk: (id) => unwrap(commands.continueBulk(id)),
    retryBulk: (id) => unwrap(commands.retryBulk(id)),
    pauseBulk: (id) => unwrap(commands.pauseBulk(id)),
    cancelBulk: (id) => unwrap(commands.cancelBulk(id)),
    dismissBulk: (id) => settle(commands.dismissBulk(id)),
    exportBulk: (id, format) => unwrap(commands.exportBulk(id, format)),
    exportInstances: (targets, format) => unwrap(commands.exportInstances(targets, format)),

    watchLogs: (id) => settle(commands.watchLogs(id)),
    unwatchLogs: (id) => settle(commands.unwatchLogs(id)),
    showLogs: (id, query, offset, limit) => unwrap(commands.showLogs(id, query, offset, limit)),
    findLogTime: (id, query, at) => unwrap(commands.findLogTime(id, query, at)),
    exportLogs: (id, query, format, redact) => unwrap(commands.exportLogs(id, query, format, redact)),

    openConfig: (id) => unwrap(commands.openConfig(id)),
    renderConfig: (id, draft) => unwrap(commands.renderConfig(id, draft)),
    planConfig: (id, draft, choices) => unwrap(commands.planConfig(id, draft, choices)),
    saveConfig: (id, plan) => unwrap(commands.saveConfig(id, plan)),
    listConfigVersions: (id) => unwrap(commands.listConfigVersions(id)),
    getConfigVersion: (id, version) => unwrap(commands.getConfigVersion(id, version)),
    compareConfigVersions: (id, from, to) => unwrap(commands.compareConfigVersions(id, from, to)),
    getConfigSchema: (runtimeType) => unwrap(commands.getConfigSchema(runtimeType)),
    importConfigSchema: (runtimeType) => unwrap(commands.importConfigSchema(runtimeType)),

    getPlatformConfig: (id) => unwrap(commands.getPlatformConfig(id)),
    patchPlatformConfig: (id, fields) => unwrap(commands.patchPlatformConfig(id, fields)),
    getSkillUse: () => unwrap(commands.getSkillUse()),
    getModelPolicy: (id) => unwrap(commands.getModelPolicy(id)),
    updateModelPolicy: (id, policy) => unwrap(commands.updateModelPolicy(id, policy)),
    listModels: () => unwrap(commands.listModels()),

    getConsent: (id) => unwrap(commands.getConsent(id)),
    setConsent: (id, granted, purpose) => unwrap(commands.setConsent(id, granted, purpose)),
    listConversations: (id, limit) => unwrap(commands.listConversations(id, limit)),
    getConversation: (id, conversation) => unwrap(commands.getConversation(id, conversation)),

    getUsage: (id, from, to) => unwrap(commands.getUsage(id, from, to)),
    getFleetUsage: () => unwrap(commands.getFleetUsage()),
    fetchFleetUsage: () => settle(commands.fetchFleetUsage()),
    stopFleetUsage: () => settle(commands.stopFleetUsage()),
    listBudgets: () => unwrap(commands.listBudgets()),
    setBudget: (scope, monthlyUsd) => unwrap(commands.setBudget(scope, monthlyUsd)),
    showLedger: (query, offset, limit) => unwrap(commands.showLedger(query, offset, limit)),
    getLedgerVerdict: () => unwrap(commands.getLedgerVerdict()),
    verifyLedger: () => unwrap(commands.verifyLedger()),
    exportLedger: (query, format) => unwrap(commands.exportLedger(query, format)),
    getAlerts: () => unwrap(commands.getAlerts()),

    listPrompts: () => unwrap(commands.listPrompts()),
    savePrompt: (prompt) => unwrap(commands.savePrompt(prompt)),
    deletePrompt: (id) => unwrap(commands.deletePrompt(id)),

    getLabel: (id) => unwrap(commands.getLabel(id)),
    setStar: (id, starred) => unwrap(commands.setStar(id, starred)),
    setNote: (id, note) => unwrap(commands.setNote(id, note)),
    listTagsOf: (ids) => unwrap(commands.listTagsOf(ids)),
    tagInstances: (ids, add, remove) => unwrap(commands.tagInstances(ids, add, remove)),
    exportLabels: (format) => unwrap(commands.exportLabels(format)),

    listViews: () => unwrap(commands.listViews()),
    saveView: (view) => unwrap(commands.saveView(view)),
    orderViews: (ids) => unwrap(commands.orderViews(ids)),
    deleteView: (id) => unwrap(commands.deleteView(id)),
    countPinnedViews: () => unwrap(commands.countPinnedViews()),

    getInbox: () => unwrap(commands.getInbox()),
    markNews: (ids, read) => unwrap(commands.markNews(ids, read)),
    clearNews: () => unwrap(commands.clearNews()),
    getNewsWishes: () => unwrap(commands.getNewsWishes()),
    setNewsRules: (rules) => unwrap(commands.setNewsRules(rules)),
    setViewRule: (view, rule) => unwrap(commands.setViewRule(view, rule)),
    showNotification: (news, title, body) => settle(commands.showNotification(news, title, body)),
    takeLink: () => unwrap(commands.takeLink()),

    getChoices: () => unwrap(commands.getChoices()),
    importCatalog: () => unwrap(commands.importCatalog()),
    previewDeploy: (request) => unwrap(commands.previewDeploy(request)),
    startDeploy: (request) => unwrap(commands.startDeploy(request)),
    listDeploys: () => unwrap(commands.listDeploys()),
    getDeploy: (key) => unwrap(commands.getDeploy(key)),
    getDeployLogs: (key, from) => unwrap(commands.getDeployLogs(key, from)),
    checkDeploy: (key) => unwrap(commands.checkDeploy(key)),
    resendDeploy: (key) => unwrap(commands.resendDeploy(key)),
    dismissDeploy: (key) => settle(commands.dismissDeploy(key)),

    getTranscript: (id) => unwrap(commands.getTranscript(id)),
    sendMessage: (id, exchangeId, text, onPart) => {
      const channel = new Channel<ReplyPart>();
      channel.onmessage = onPart;
      return unwrap(commands.sendMessage(id, exchangeId, text, channel));
    },
    stopWaiting: (id) => settle(commands.stopWaiting(id)),
    clearTranscript: (id) => settle(commands.clearTranscript(id)),

    getDraft: (name) => unwrap(commands.getDraft(name)),
    setDraft: (name, text) => settle(commands.setDraft(name, text)),

    getLocalRuntime: () => unwrap(commands.getLocalRuntime()),
    installLocalRuntime: () => unwrap(commands.installLocalRuntime()),
    removeLocalRuntime: () => unwrap(commands.removeLocalRuntime()),
    setKeepRunning: (keepRunning) => unwrap(commands.setKeepRunning(keepRunning)),
    listModelProviders: () => unwrap(commands.listModelProviders()),
    getModelProvider: (name) => unwrap(commands.getModelProvider(name)),
    putModelProvider: (name, provider) => unwrap(commands.putModelProvider(name, provider)),
    deleteModelProvider: (name) => unwrap(commands.deleteModelProvider(name)),
    testModelProvider: (name, provider) => unwrap(commands.testModelProvider(name, provider)),
    getLocalPermission: (id) => unwrap(commands.getLocalPermission(id)),
    setLocalPermission: (id, permission) => unwrap(commands.setLocalPermission(id, permission)),
    removeDemo: () => unwrap(commands.removeDemo()),

    getUnexpectedEnd: () => unwrap(commands.getUnexpectedEnd()),
    noteMishap: (what) => unwrap(commands.noteMishap(what)),
    getSupportBundle: () => unwrap(commands.getSupportBundle()),

    getPreferences: () => unwrap(commands.getPreferences()),
    setPreferences: (preferences) => settle(commands.setPreferences(preferences)),
    copyText: (text) => settle(commands.copyText(text)),
    saveText: (name, text) => unwrap(commands.saveText(name, text)),
    savePicture: (name, png) => unwrap(commands.savePicture(name, png)),
    openLink: (url) => unwrap(commands.openLink(url)),
    getVersion: () => unwrap(commands.getVersion()),
    showWindow: () => settle(commands.showWindow()),

    onEvent: (listener: (event: Event) => void) => {
      const listening = events.announcement.listen(({ payload }) => listener(payload));
      return () => void listening.then((end) => end());
    },
  };
}
