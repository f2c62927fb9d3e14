//! The real OpenClaw, installed and started for real. Takes minutes and a network: run by `npm run test:openclaw`, which
//! asks for the ignored tests. One agent at a time, since each takes a gigabyte of memory: one life, told in one test.

mod computer;
mod operations;
mod schema;
mod serving;
