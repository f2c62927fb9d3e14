//! Real agents as the platform hosts them, with a gateway that costs nothing in the place of OpenClaw's: what is started,
//! started again, adopted, ended, and left behind. What OpenClaw itself does is proved by `tests/openclaw`.
#![cfg(unix)]

mod deploying;
mod surviving;
