/**
 * The door in the app: the generated commands, with refusals turned into rejections.
 * Belongs here: unwrapping. Does not belong here: anything that the other door would have to repeat.
 */
import { Channel } from '@tauri-apps/api/core';
import { commands, events, type Event, type Failure, type ReplyPart } from './bindings';
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
    tryDemo: () => unwrap(commands.tryDemo()),
    connectPlatform: (baseUrl, name, kind, secret) => unwrap(commands.connectPlatform(baseUrl, name, kind, secret)),
    renewCredential: (id, kind, secret) => unwrap(commands.renewCredential(id, kind, secret)),
    openProfile: (id) => unwrap(commands.openProfile(id)),
    closeSession: () => settle(commands.closeSession()),
    forgetProfile: (id) => settle(commands.forgetProfile(id)),

    showFleet: (query, offset, limit) => unwrap(commands.showFleet(query, offset, limit)),
    refreshFleet: () => settle(commands.refreshFleet()),
    getPoller: () => unwrap(commands.getPoller()),
    setAttention: (attention) => settle(commands.setAttention(attention)),

    watchInstance: (id) => unwrap(commands.watchInstance(id)),
    unwatchInstance: (id) => settle(commands.unwatchInstance(id)),
    getInstance: (id) => unwrap(commands.getInstance(id)),
    refreshInstance: (id) => unwrap(commands.refreshInstance(id)),
    deleteInstance: (id) => unwrap(commands.deleteInstance(id)),

    watchLogs: (id) => unwrap(commands.watchLogs(id)),
    unwatchLogs: (id) => settle(commands.unwatchLogs(id)),
    getLogs: (id, from) => unwrap(commands.getLogs(id, from)),

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

    getPreferences: () => unwrap(commands.getPreferences()),
    setPreferences: (preferences) => settle(commands.setPreferences(preferences)),
    copyText: (text) => settle(commands.copyText(text)),
    openLink: (url) => unwrap(commands.openLink(url)),
    getVersion: () => unwrap(commands.getVersion()),
    showWindow: () => settle(commands.showWindow()),

    onEvent: (listener: (event: Event) => void) => {
      const listening = events.announcement.listen(({ payload }) => listener(payload));
      return () => void listening.then((end) => end());
    },
  };
}
