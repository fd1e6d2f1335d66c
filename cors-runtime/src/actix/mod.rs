//! The adapter to actix-web: it translates, and decides nothing.

mod answer;
pub(crate) mod by_hand;
mod facts;
pub(crate) mod guard;
pub(crate) mod layer;
mod log;
mod vary;

pub(crate) use facts::Judge;
