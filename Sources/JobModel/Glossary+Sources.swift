extension Glossary {
    /// The entries that sources may need, translated with these options; nil: none.
    package func part(for sources: [Source], _ options: SearchOptions) -> Glossary? {
        // Tags and line ends may stand between words that are side by side in what is translated.
        part(for: sources, joining: options.markup != nil ? .markup : options.paragraphs == true ? .lines : .nothing)
    }
}
