package import DragomanEngine

/// What a benchmark translates.
package struct BenchWorkload: Sendable {
    package let requests: [TranslationRequest]

    package init(
        sentences: [String], options: SearchOptions = SearchOptions(), languages: RequestLanguages = RequestLanguages()
    ) {
        requests = sentences.map { sentence in
            var request = TranslationRequest(.text(sentence), options: options)
            languages.set(&request)
            return request
        }
    }

    package init(
        tokenLines: [TokenLine], options: SearchOptions = SearchOptions(),
        languages: RequestLanguages = RequestLanguages()
    ) {
        requests = tokenLines.map { line in
            var request = TranslationRequest(.tokens(line.tokens), options: options)
            languages.set(&request)
            request.options.minimumLength = line.length
            request.options.maximumLength = line.length
            return request
        }
    }

    /// Sentences of 3 to 40 words, each four times.
    package static let sample: [String] = Array(repeating: sentences, count: 4).flatMap { $0 }

    private static let sentences = [
        "Where is the train station?",
        "I do not know him.",
        "The weather is nice today, but it will rain tomorrow.",
        "She wrote three letters to her brother before she left the country.",
        "We are looking for a small hotel that is not too far from the centre of the town.",
        "He said that he would come back as soon as he had found the book which he had lost in the garden last week.",
        "Please close the window.",
        "The committee has not yet decided whether the proposal that was made last year is acceptable to all members.",
        "If I had known that you were going to be here, I would have brought the photographs of our journey to Italy.",
        "How much does this cost?",
        "My father, who had worked in the same factory for more than thirty years, never complained about anything.",
        "Nobody was hurt.",
        "They have been living in this house since the end of the war, and they do not want to move to another one.",
        "Children learn quickly when they are allowed to ask questions and to make mistakes without being punished.",
        "Can you tell me what time it is?",
        "The old man sat on a bench in front of the church and watched the people who were coming home from the market.",
    ]
}
