/// What a text is written in, besides words: its tags are carried over to the words' translations.
public enum MarkupLanguage: String, Sendable, CaseIterable {
    case html
    case xml
}
