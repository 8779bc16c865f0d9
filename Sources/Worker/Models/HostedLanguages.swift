import DragomanEngine
import JobModel
import Languages

/// Between which of its languages a worker's model translates: all, or those that the configuration names.
struct HostedLanguages: Sendable {
    /// The languages that the configuration names, in place of the files' or as one of theirs.
    private let configured: LanguageSelection
    private let files: ModelLanguages

    init(_ model: HostedModel, _ files: ModelLanguages) {
        configured = LanguageSelection(source: model.sourceLanguage, target: model.targetLanguage)
        self.files = files
    }

    /// What is offered.
    func offer(_ name: String) -> ModelOffer {
        if files.source.count > 1 || files.target.count > 1, configured.source == nil || configured.target == nil {
            return ModelOffer(name: name, sets: sets)
        }
        return ModelOffer(
            name: name, sourceLanguage: LanguageTag.canonical(configured.source ?? files.source.first?.tag ?? ""),
            targetLanguage: LanguageTag.canonical(configured.target ?? files.target.first?.tag ?? ""))
    }

    private var sets: [LanguageSet] {
        guard files.prompts.isEmpty else { return prompted }
        guard let source = Self.side(configured.source, files.source),
            let target = Self.side(configured.target, files.target)
        else { return [] }
        return [LanguageSet(source: source, target: target)]
    }

    /// Not all pairs of the languages need be there.
    private var prompted: [LanguageSet] {
        let source = configured.source.map { LanguageList([$0]) }
        let target = configured.target.map { LanguageList([$0]) }
        var sets: [LanguageSet] = []
        for prompt in files.prompts {
            let pair = (LanguageTag.canonical(prompt.source), LanguageTag.canonical(prompt.target))
            guard source?.nearest(to: RequestedLanguage(pair.0)) != nil || source == nil,
                target?.nearest(to: RequestedLanguage(pair.1)) != nil || target == nil
            else { continue }
            if let place = sets.firstIndex(where: { $0.source == [pair.0] }) {
                if !sets[place].target.contains(pair.1) { sets[place].target.append(pair.1) }
            } else {
                sets.append(LanguageSet(source: [pair.0], target: [pair.1]))
            }
        }
        return sets
    }

    /// - Returns: Empty where the files name none: any language. nil when the protocol takes none of those that they name.
    private static func side(_ configured: String?, _ languages: [ModelLanguage]) -> [String]? {
        if let configured { return [LanguageTag.canonical(configured)] }
        var seen: Set<String> = []
        let offered = languages.map(\.tag).filter { seen.insert($0).inserted && isOffered($0) }
        return offered.isEmpty && !languages.isEmpty ? nil : offered
    }

    /// What the protocol takes for a language.
    private static func isOffered(_ text: String) -> Bool {
        (1...35).contains(text.utf8.count) && !text.utf8.contains { $0 <= UInt8(ascii: " ") || $0 == UInt8(ascii: ";") }
    }

    /// What the engine is asked for. Where the configuration names a language, the engine has it already.
    func request(_ job: LanguageSelection) throws(TranslationError) -> LanguageSelection {
        LanguageSelection(
            source: try Self.request(job.source, configured.source, "source_language"),
            target: try Self.request(job.target, configured.target, "target_language"))
    }

    private static func request(
        _ job: String?, _ configured: String?, _ field: String
    ) throws(TranslationError) -> String? {
        guard let job, let configured else { return job }
        guard LanguageList([configured]).nearest(to: RequestedLanguage(job)) != nil else {
            throw TranslationError(
                .unknownLanguage,
                "\(field): the worker's configuration has its model for \(LanguageTag.canonical(configured)) only, not "
                    + "for \"\(job.prefix(40))\"")
        }
        return nil
    }
}
