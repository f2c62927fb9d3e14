declare global {
  interface Window {
    /** Present when the page runs inside the app's own window. */
    readonly __TAURI_INTERNALS__?: unknown;
  }
}

export {};
