#![doc = include_str!("docs/debugging.md")]
