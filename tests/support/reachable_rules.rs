//! The rules of which an operator hears.

use std::collections::BTreeSet;

use cors_rules::Rule;

/// The rules that a configuration can violate.
pub(crate) fn reachable() -> BTreeSet<Rule> {
    let others = [
        // Without origins, a configuration allows no one.
        Rule::MissingOrigins,
        Rule::EmptyOrigins,
        // Of the handler, and of the attribute's syntax.
        Rule::ForbiddenMethod,
        Rule::InvalidMethod,
        Rule::MiscasedMethod,
        Rule::DuplicateMethod,
        Rule::UnknownDanger,
        Rule::UnknownArgument,
        Rule::DuplicateArgument,
        Rule::InvalidValue,
        Rule::NoRoute,
        Rule::MethodsWithRoute,
        Rule::NotAHandler,
        Rule::RepeatedCors,
        Rule::InvalidRoute,
        Rule::JsonWithoutContentType,
        Rule::BearerWithoutAuthorization,
        Rule::SessionWithoutCredentials,
        Rule::UncoveredHandler,
    ];
    let all = Rule::ALL.iter().copied();
    all.filter(|rule| !others.contains(rule)).collect()
}
