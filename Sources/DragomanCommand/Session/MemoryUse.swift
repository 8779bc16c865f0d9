package import DragomanEngine
import Synchronization

/// Has requests translated with a memory, and counts what comes from it.
package final class MemoryUse: Sendable {
    private let memory: TranslationMemory
    private let counts = Mutex(Counts())

    private struct Counts {
        var segments = 0
        var found = 0
        var folded = 0
    }

    package init(_ memory: TranslationMemory) { self.memory = memory }

    package func translating(_ translate: @escaping TranslationSession.Translate) -> TranslationSession.Translate {
        { request in
            var request = request
            request.memory = self.memory
            let translation = try await translate(request)
            self.count(translation.segments)
            return translation
        }
    }

    /// One line on what was found.
    package var summary: String {
        let counts = counts.withLock(\.self)
        let folded = counts.folded == 0 ? "" : ", \(counts.folded) of them with letters of another case"
        return "\(counts.found) of \(counts.segments) segments are from the memory\(folded)"
    }

    private func count(_ segments: [Translation.Segment]) {
        counts.withLock { counts in
            counts.segments += segments.count
            counts.found += segments.count { $0.memory != nil }
            counts.folded += segments.count { $0.memory == .folded }
        }
    }
}
