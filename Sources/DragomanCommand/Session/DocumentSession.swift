package import Documents
package import DragomanEngine

/// Translates a document: all its texts, many at a time, and then the file is put together.
package struct DocumentSession: Sendable {
    package var document: DocumentFile
    package var options: SearchOptions
    package var languages: RequestLanguages
    package var glossary: Glossary?
    package var messages: OutputFile
    package var translate: TranslationSession.Translate

    package init(
        document: DocumentFile, options: SearchOptions, languages: RequestLanguages, messages: OutputFile,
        translate: @escaping TranslationSession.Translate
    ) {
        self.document = document
        self.options = options
        document.apply(to: &self.options)
        self.languages = languages
        self.messages = messages
        self.translate = translate
    }

    /// - Throws: `CommandError` when the file cannot be read, or is no document of the format.
    package static func read(
        _ input: InputFile, _ format: DocumentFormat, keys: [String] = []
    ) throws(CommandError) -> DocumentFile {
        do {
            return try DocumentFile(
                try input.contents(limit: DocumentFile.byteCountMax), format: format,
                options: DocumentOptions(keys: KeyPatterns(keys)))
        } catch let error as DocumentError {
            throw CommandError(.badData, "\(input.name): \(error.message)")
        } catch let error as SystemError {
            throw CommandError(.inputOutput, error.description)
        } catch {
            preconditionFailure("an error of another type: \(error)")
        }
    }

    /// So many texts are translated at a time.
    private static let inFlight = 4096

    /// - Returns: The translated file, and whether all its texts could be translated. Those that could not are as they were.
    package func run() async throws -> (bytes: [UInt8], status: ExitStatus) {
        var results = [Result<Translation, RequestError>?](repeating: nil, count: document.units.count)
        await withTaskGroup(of: (Int, Result<Translation, RequestError>).self) { group in
            var next = 0
            while next < min(Self.inFlight, document.units.count) {
                add(next, to: &group)
                next += 1
            }
            while let (index, result) = await group.next() {
                results[index] = result
                if next < document.units.count {
                    add(next, to: &group)
                    next += 1
                }
            }
        }
        var translations: [String?] = []
        var failureCount = 0
        for (index, result) in results.enumerated() {
            switch result {
            case .success(let translation)?:
                translations.append(translation.hypotheses.first?.text)
                for notice in ResultFormat.notices(translation, options) { say(notice, of: index) }
            case .failure(let error)?:
                failureCount += 1
                translations.append(nil)
                say("\(error.message) (left as it is)", of: index)
            case nil: preconditionFailure("a text has no result")
            }
        }
        do {
            return (try document.written(with: translations), failureCount == 0 ? .success : .requestsFailed)
        } catch {
            throw CommandError(.badData, error.message)
        }
    }

    private func add(
        _ index: Int, to group: inout TaskGroup<(Int, Result<Translation, RequestError>)>
    ) {
        // The pair is made of a call's result: Swift 6.3 miscompiles, when it optimises, pairs that a task's closure returns
        // from a `do` and its `catch`.
        group.addTask { (index, await outcome(of: index)) }
    }

    private func outcome(of index: Int) async -> Result<Translation, RequestError> {
        var request = TranslationRequest(.text(document.units[index]), options: options, glossary: glossary)
        languages.set(&request)
        do {
            return .success(try await translate(request))
        } catch {
            return .failure(RequestError(error))
        }
    }

    /// Texts are counted from 1, as lines are.
    private func say(_ message: String, of index: Int) {
        try? messages.write("dragoman: text \(index + 1): \(message)\n")
    }
}
