import Languages
import Translations

extension TranslationMemory {
    /// Whether its targets are translations in a direction: a segment may name another language than its request.
    func serves(_ direction: Direction) -> Bool {
        Self.agree(sourceLanguage, direction.source) && Self.agree(targetLanguage, direction.target)
    }

    /// Of two languages either may say more; one that is not known may be any.
    private static func agree(_ first: String?, _ second: String?) -> Bool {
        guard let first = first.flatMap({ LanguageTag($0) }), let second = second.flatMap({ LanguageTag($0) }) else {
            return true
        }
        return first.distance(from: second) != nil || second.distance(from: first) != nil
    }
}
