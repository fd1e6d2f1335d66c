//! Claims of the documentation, and an example.

mod migration;
mod order_of_wraps;
mod readme;
mod security;
mod tenants_example;
