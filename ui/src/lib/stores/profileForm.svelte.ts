/**
 * What is typed about a profile beside its key: name, colour, how careful, which way out. Belongs here: the fields, what
 * they come to, and testing the way. Does not belong here: saving (the session store), words.
 */
import type { CertificateLabel, CredentialKind, Failure, NetworkStep, Profile, ProfileEdit, Proxy, Purpose, Safety } from '$lib/ipc/bindings';
import type { Ipc } from '$lib/ipc/ipc';
import { asFailure } from '$lib/text/failure';

type FormIpc = Pick<Ipc, 'testConnection' | 'pickCertificate'>;

export class ProfileForm {
  name = $state('');
  hue = $state<number | null>(null);
  purpose = $state<Purpose>('own');
  safety = $state<Safety>('full');
  proxy = $state<Proxy['type']>('system');
  proxyUrl = $state('');
  user = $state('');
  password = $state('');
  /** The kept user and password go. */
  forgetLogin = $state(false);
  picked = $state.raw<CertificateLabel | null>(null);
  removeCertificate = $state(false);
  certificateFailure = $state.raw<Failure | null>(null);

  steps = $state.raw<readonly NetworkStep[]>([]);
  testing = $state(false);
  testFailure = $state.raw<Failure | null>(null);

  /** What was there before; null for a new profile. */
  readonly before: Profile | null;
  readonly #ipc: FormIpc;
  #walk = 0;

  constructor(ipc: FormIpc, before: Profile | null = null) {
    this.#ipc = ipc;
    this.before = before;
    if (!before) return;
    this.name = before.name;
    this.hue = before.hue;
    this.purpose = before.purpose;
    this.safety = before.safety;
    this.proxy = before.proxy.type;
    if (before.proxy.type === 'manual') this.proxyUrl = before.proxy.url;
  }

  get certificate(): CertificateLabel | null {
    return this.picked ?? (this.removeCertificate ? null : (this.before?.certificate ?? null));
  }

  /** A user and a password are kept for the proxy that is typed. */
  get hasLogin(): boolean {
    const proxy = this.before?.proxy;
    return proxy?.type === 'manual' && proxy.hasLogin && proxy.url === this.proxyUrl.trim() && !this.forgetLogin;
  }

  /** Whose it is decides how careful it starts. */
  setPurpose(purpose: Purpose): void {
    this.purpose = purpose;
    if (purpose === 'support') this.safety = 'readOnly';
  }

  get edit(): ProfileEdit {
    const { name, hue, purpose, safety } = this;
    return {
      name: name.trim(), hue, purpose, safety,
      proxy: this.proxy === 'manual' ? { type: 'manual', url: this.proxyUrl.trim(), hasLogin: false } : { type: this.proxy },
      login: this.user.trim() ? { type: 'set', user: this.user.trim(), password: this.password } : { type: this.forgetLogin ? 'remove' : 'keep' },
      certificate: this.picked ? { type: 'set', sha256: this.picked.sha256 } : { type: this.removeCertificate ? 'remove' : 'keep' },
    };
  }

  async pickCertificate(): Promise<void> {
    this.certificateFailure = null;
    try {
      const picked = await this.#ipc.pickCertificate();
      if (!picked) return;
      this.picked = picked;
      this.removeCertificate = false;
    } catch (thrown) {
      this.certificateFailure = asFailure(thrown);
    }
  }

  dropCertificate(): void {
    this.picked = null;
    this.removeCertificate = true;
    this.certificateFailure = null;
  }

  /** Tries the way as it is typed now. Begun anew, it silences the walk before. */
  async test(baseUrl: string, secret: [CredentialKind, string] | null): Promise<void> {
    const walk = ++this.#walk;
    this.steps = [];
    this.testFailure = null;
    this.testing = true;
    try {
      const steps = await this.#ipc.testConnection(this.before?.id ?? null, baseUrl.trim(), this.edit, secret, (step) => {
        if (walk === this.#walk) this.steps = [...this.steps, step];
      });
      if (walk === this.#walk) this.steps = steps;
    } catch (thrown) {
      if (walk === this.#walk) this.testFailure = asFailure(thrown);
    }
    if (walk === this.#walk) this.testing = false;
  }
}
