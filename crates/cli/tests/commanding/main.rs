//! The real program against the real local platform: what it prints, what it returns, what it leaves alone.

mod beside;
mod documented;
mod every_operation;
mod exits;
mod spoken;
mod terminal;
