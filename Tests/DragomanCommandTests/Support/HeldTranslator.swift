import DragomanEngine

/// Translates a text when the test says so, in the order that the test chooses.
actor HeldTranslator {
    private var held: [String: CheckedContinuation<Void, any Error>] = [:]
    private var waiting: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    private(set) var arrivalCount = 0
    private(set) var cancelled: [String] = []
    private(set) var heldMaximum = 0

    func translate(_ request: TranslationRequest) async throws -> Translation {
        let text = request.source.text
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { hold(text, $0) }
        } onCancel: {
            Task { await self.cancel(text) }
        }
        return .capitals(request)
    }

    /// Returns when so many requests have come in all.
    func arrivals(_ count: Int) async {
        guard arrivalCount < count else { return }
        await withCheckedContinuation { waiting.append((count, $0)) }
    }

    func release(_ text: String) { held.removeValue(forKey: text)?.resume() }

    private func hold(_ text: String, _ continuation: CheckedContinuation<Void, any Error>) {
        held[text] = continuation
        heldMaximum = max(heldMaximum, held.count)
        arrivalCount += 1
        for waiter in waiting where waiter.count <= arrivalCount { waiter.continuation.resume() }
        waiting.removeAll { $0.count <= arrivalCount }
    }

    private func cancel(_ text: String) {
        cancelled.append(text)
        held.removeValue(forKey: text)?.resume(throwing: CancellationError())
    }
}
