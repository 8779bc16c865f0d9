import ArgumentParser
import DragomanEngine
import JobModel
import Languages

/// The flags that say which languages are meant.
package struct LanguageFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The language of the input, for models that read several (en, eng, en-US, eng_Latn: as you like).",
            valueName: "code"))
    var sourceLanguage: String?

    @Option(
        help: ArgumentHelp(
            "The language to write, for models that write several; dragoman model inspect lists them.",
            valueName: "code"))
    var targetLanguage: String?

    package init() {}

    /// The same for requests.
    package var languages: RequestLanguages { RequestLanguages(source: sourceLanguage, target: targetLanguage) }
}

/// The languages that a request names; nil: it names none.
package struct RequestLanguages: Sendable, Equatable {
    package var source: String?
    package var target: String?

    package init(source: String? = nil, target: String? = nil) {
        self.source = source
        self.target = target
    }

    /// Those of a request, and where it names none, those of the command line.
    func over(_ defaults: RequestLanguages) -> RequestLanguages {
        RequestLanguages(source: source ?? defaults.source, target: target ?? defaults.target)
    }

    /// Of a model of one language, that one.
    init(_ model: ModelDescription) { self.init(source: model.sourceLanguage, target: model.targetLanguage) }

    /// The languages of a job.
    init(_ selection: LanguageSelection) { self.init(source: selection.source, target: selection.target) }

    /// nil where one of them is not known.
    var pair: LanguagePair? {
        source.flatMap { source in
            target.flatMap { LanguagePair(source: LanguageTag.bare(source), target: LanguageTag.bare($0)) }
        }
    }

    func set(_ request: inout TranslationRequest) {
        (request.sourceLanguage, request.targetLanguage) = (source, target)
    }
}
