package import Translations

/// A file whose texts are translated, and whose other bytes stay as they are.
///
/// It is read once; its `units` are translated, each by itself and in its context in any order; and it is written with
/// their translations. Written without any, or with each unit as its own translation, it is what was read, byte for byte.
package struct DocumentFile: Sendable {
    package let format: DocumentFormat
    /// What is to be translated: plain text when `markup` is nil, and else a fragment with tags, which follow their words.
    package let units: [String]
    /// The tags that units have, the same for all of them.
    package let markup: MarkupLanguage?

    private let body: Body
    private let texts: [InlineText]

    /// Whether tags are the file's own, and not the numbers of codes.
    private let hasOwnTags: Bool

    private enum Body: Sendable {
        case file(Skeleton)
        case package(DocumentPackage)
    }

    /// Of the file as it was read.
    package let byteCount: Int

    /// Larger files are refused.
    package static let byteCountMax = 256 << 20

    package init(
        _ bytes: [UInt8], format: DocumentFormat, options: DocumentOptions = DocumentOptions()
    ) throws(DocumentError) {
        guard bytes.count <= Self.byteCountMax else {
            throw DocumentError(
                .tooLarge, format, "the file has \(bytes.count) bytes", expected: "at most \(Self.byteCountMax)",
                remedy: "cut it into several files")
        }
        self.format = format
        byteCount = bytes.count
        let ownMarkup: MarkupLanguage?
        switch format {
        case .docx, .pptx, .odt, .odp, .epub:
            let package = try format == .epub ? BookDocument.package(bytes) : OfficeDocument.package(bytes, format)
            (body, texts, ownMarkup) = (.package(package), package.units, package.ownMarkup)
        default:
            let skeleton = try Self.skeleton(bytes, format, options)
            (body, texts, ownMarkup) = (.file(skeleton), skeleton.units, skeleton.ownMarkup)
        }
        hasOwnTags = ownMarkup != nil
        let hasCodes = ownMarkup == nil && texts.contains(where: \.hasCodes)
        markup = hasCodes ? .xml : ownMarkup
        units = texts.map { hasCodes ? $0.fragment : $0.plain }
    }

    /// Sets what the texts must be translated with.
    package func apply(to options: inout SearchOptions) {
        guard let markup else { return }
        options.markup = markup
        if !nonSplittingTags.isEmpty { options.nonSplittingTags = nonSplittingTags }
    }

    /// Elements that are part of the text around them.
    package var nonSplittingTags: [String] { markup != nil && !hasOwnTags ? InlineText.tagNames : [] }

    /// The file with translations in the places of its texts.
    ///
    /// - Parameter translations: One for each unit; nil: the unit stays as it is, untranslated.
    package func written(with translations: [String?]) throws(DocumentError) -> [UInt8] {
        guard translations.count == units.count else {
            throw DocumentError(
                .wrongTranslations, format, "each text needs a translation", expected: "\(units.count)",
                found: "\(translations.count)")
        }
        var texts: [InlineText?] = []
        for (index, translation) in translations.enumerated() {
            texts.append(
                try translation.flatMap { translation throws(DocumentError) in
                    try text(translation, of: index)
                })
        }
        return switch body {
        case .file(let skeleton): skeleton.written(texts)
        case .package(let package): package.written(texts)
        }
    }

    /// - Returns: nil for what is as it was, where it stands in the place of the source: then its very bytes stay.
    private func text(_ translation: String, of index: Int) throws(DocumentError) -> InlineText? {
        if translation == units[index], !format.keepsSource { return nil }
        guard markup == .xml, !hasOwnTags else { return InlineText(translation) }
        guard let text = InlineText(fragment: translation), text.codes == texts[index].codes else {
            throw DocumentError(
                .wrongTranslations, format, at: .unit(index), "the translation does not have the tags of the text",
                expected: texts[index].tags, found: InlineText(fragment: translation)?.tags ?? "broken tags",
                remedy: "translate with the option markup, which carries tags over")
        }
        return text
    }

    private static func skeleton(
        _ bytes: [UInt8], _ format: DocumentFormat, _ options: DocumentOptions
    ) throws(DocumentError) -> Skeleton {
        let source = try SourceText(bytes, format, allowsLatin1: format == .properties)
        return switch format {
        case .text: PlainText.skeleton(source)
        case .srt: try SubRip.skeleton(source)
        case .vtt: try WebVTT.skeleton(source)
        case .po: try GettextCatalogue.skeleton(source)
        case .json: try JSONDocument.skeleton(source, options.keys)
        case .yaml: try YAMLDocument.skeleton(source, options.keys)
        case .properties: PropertyList.skeleton(source, options.keys)
        case .strings: try AppleStrings.skeleton(source, options.keys)
        case .markdown: try MarkdownDocument.skeleton(source)
        case .html: try MarkupFile.skeleton(source, .html)
        case .xml: try MarkupFile.skeleton(source, .xml)
        case .xliff: try XLIFFDocument.skeleton(source)
        case .docx, .pptx, .odt, .odp, .epub: preconditionFailure("\(format) is an archive")
        }
    }
}

extension DocumentFormat {
    /// Whether translations have a place of their own beside the text.
    var keepsSource: Bool { self == .po || self == .xliff }
}

extension InlineText {
    /// How often each code is there.
    fileprivate var codes: [String: Int] {
        pieces.reduce(into: [:]) { counts, piece in
            switch piece {
            case .text, .close: break
            case .open(let number): counts["g\(number)", default: 0] += 1
            case .mark(let number): counts["x\(number)", default: 0] += 1
            }
        }
    }

    fileprivate var tags: String { codes.isEmpty ? "no tags" : codes.keys.sorted().joined(separator: " ") }
}
