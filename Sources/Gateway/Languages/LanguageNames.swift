internal import Foundation
internal import Languages

/// What languages are called in English.
enum LanguageNames {
    /// The tag itself, where CLDR has no name.
    static func name(of language: LanguageTag) -> String {
        Locale(identifier: "en").localizedString(forIdentifier: language.description) ?? language.description
    }
}
