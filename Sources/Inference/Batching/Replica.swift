import CKernels
package import Tensors

/// One batch, and the memory to decode it: encodes the segments that join, and takes all of them step by step to their
/// ends. Any number of replicas share one `Transformer`.
///
/// Owned by one thread.
package final class Replica {
    private struct Running {
        var id: UInt64
        var search: any Search
        /// In tokens of the budget.
        var cost: Int
        /// Nil when the search chooses from the whole vocabulary.
        var listed: ListedOutput?
        /// The model computed a number that is not finite: from here on anything would be chance.
        var isBroken = false
    }

    private struct Owner {
        /// The index in `running`.
        var segment: Int
        /// Which of the segment's rows it is.
        var row: Int
    }

    private let transformer: Transformer
    private let workspace: Workspace
    private let rows: KeyValueRows
    private let scratch: SearchScratch
    private var running: [Running] = []
    private var batch: [DecoderRow] = []
    /// Whose the rows of the batch are.
    private var owners: [Owner] = []
    /// How many best tokens each row of the batch is to give; 0 for its logits.
    private var bestCounts: [Int] = []

    /// - Parameters:
    ///   - batchTokens: The token budget; see `Batcher`.
    ///   - crew: Who helps with products.
    package init(transformer: Transformer, batchTokens: Int, kernels: Kernels, crew: Crew = Crew()) {
        self.transformer = transformer
        let configuration = transformer.configuration
        // A larger budget is only an allowance; memory for it comes when there are as many rows.
        let rowCount = min(batchTokens, 4096)
        workspace = Workspace(
            rows: rowCount, configuration: configuration, precision: transformer.precision, kernels: kernels, crew: crew
        )
        rows = KeyValueRows(configuration: configuration, format: workspace.keyValueFormat)
        scratch = SearchScratch(configuration: configuration, kernels: kernels)
        batch.reserveCapacity(rowCount)
        owners.reserveCapacity(rowCount)
        bestCounts.reserveCapacity(rowCount)
    }

    package var isIdle: Bool { running.isEmpty }

    package private(set) var work = ComputedWork()

    /// Of the last step.
    package private(set) var stepRows = 0

    /// The memory of cached keys and values, in bytes.
    package var cacheBytes: Int { rows.byteCount }

    /// The memory of everything else, in bytes.
    package var workspaceBytes: Int { workspace.byteCount + scratch.byteCount }

    /// Encodes segments and takes them into the batch.
    package func start(_ jobs: [(id: UInt64, job: SegmentJob)]) {
        guard !jobs.isEmpty else { return }
        let limit = transformer.configuration.encoder.maximumLength
        precondition(jobs.allSatisfy { $0.job.source.count <= limit }, "a segment must fit the encoder's positions")
        let lengths = jobs.map(\.job.source.count)
        transformer.encode(jobs.flatMap(\.job.source), lengths: lengths, in: workspace)
        work.encode(lengths: lengths)
        let memories = jobs.map { memory(for: $0.job) }
        var places: [UnsafeMutableRawPointer] = []
        var isBroken: [Bool] = []
        for (memory, entry) in zip(memories, jobs) {
            let rows = places.count..<places.count + entry.job.source.count
            isBroken.append(!rows.allSatisfy(isFinite))
            for index in entry.job.source.indices { places.append(memory.takeSourceRow(index)) }
        }
        transformer.projectStates(count: places.count, in: workspace) { places[$0] }
        for (index, entry) in jobs.enumerated() {
            running.append(
                Running(
                    id: entry.id, search: search(for: entry.job, memory: memories[index]), cost: entry.job.cost,
                    listed: entry.job.listed.map { ListedOutput($0, of: transformer) },
                    isBroken: isBroken[index]))
        }
    }

    /// Takes a segment out of the batch. Returns whether it was in it.
    package func abandon(_ id: UInt64) -> Bool {
        guard let index = running.firstIndex(where: { $0.id == id }) else { return false }
        running.remove(at: index)
        return true
    }

    /// Decodes one step of every segment; those that end with it leave the batch.
    ///
    /// - Parameter report: Called with each segment that ended and its hypotheses, best first; with none when the
    ///   constraints allowed none, or the model computed what is not a finite number.
    package func step(_ report: (UInt64, [TokenHypothesis]) -> Void) {
        gather()
        stepRows = batch.count
        workspace.reserve(rows: batch.count)
        transformer.decode(batch, in: workspace)
        work.decode(rows: batch.count, budgetUsed: running.reduce(0) { $0 + $1.cost })
        read()
        var kept = 0
        for index in running.indices {
            if running[index].isBroken {
                report(running[index].id, [])
            } else if running[index].search.advance() {
                report(running[index].id, running[index].search.hypotheses())
            } else {
                if kept != index { running.swapAt(kept, index) }
                kept += 1
            }
        }
        running.removeSubrange(kept...)
    }

    /// Makes the batch of the rows of all segments; first come those that want their logits, so that either kind is
    /// read in as few passes over the output layer as there can be.
    private func gather() {
        batch.removeAll(keepingCapacity: true)
        owners.removeAll(keepingCapacity: true)
        bestCounts.removeAll(keepingCapacity: true)
        gather(wantingLogits: true)
        gather(wantingLogits: false)
    }

    private func gather(wantingLogits: Bool) {
        for segment in running.indices {
            let search = running[segment].search
            guard (search.bestCount(row: search.rowCount - 1) == nil) == wantingLogits else { continue }
            for row in 0..<search.rowCount {
                owners.append(Owner(segment: segment, row: row))
                bestCounts.append(search.bestCount(row: row) ?? 0)
            }
            search.appendRows(to: &batch)
        }
    }

    /// Shows every search what it asks for of its rows: as many rows at a time as ask for the same kind and have room.
    private func read() {
        var start = 0
        while start < batch.count {
            let wantsLogits = bestCounts[start] == 0
            if let listed = running[owners[start].segment].listed {
                let limit = min(batch.count, start + min(workspace.logitRows, Workspace.summaryRows))
                let end =
                    (start..<limit).first {
                        (bestCounts[$0] == 0) != wantsLogits || owners[$0].segment != owners[start].segment
                    } ?? limit
                read(listed, start..<end, wantsLogits: wantsLogits)
                start = end
                continue
            }
            let limit = min(batch.count, start + (wantsLogits ? workspace.logitRows : Workspace.summaryRows))
            let end =
                (start..<limit).first {
                    (bestCounts[$0] == 0) != wantsLogits || running[owners[$0].segment].listed != nil
                } ?? limit
            if wantsLogits { readLogits(start..<end) } else { readBest(start..<end) }
            start = end
        }
    }

    /// Reads rows of one segment that has a shortlist.
    private func read(_ listed: ListedOutput, _ range: Range<Int>, wantsLogits: Bool) {
        if wantsLogits {
            listed.readLogits(of: range, in: workspace) { row, logits in
                healthySearch(row)?.read(logits, row: owners[row].row, scratch: scratch)
            }
        } else {
            let takesBest = running[owners[range.lowerBound].segment].search.takesBest
            let summaries = listed.summarizeLogits(
                bestCounts[range], areSummed: !takesBest, of: range, in: workspace)
            for row in range {
                healthySearch(row)?.read(
                    summaries + (row - range.lowerBound), row: owners[row].row, scratch: scratch)
            }
        }
    }

    private func readLogits(_ range: Range<Int>) {
        let vocabulary = transformer.configuration.targetVocabularySize
        let logits = transformer.computeLogits(of: range, in: workspace)
        for row in range {
            guard let search = healthySearch(row) else { continue }
            search.read(logits + (row - range.lowerBound) * vocabulary, row: owners[row].row, scratch: scratch)
        }
    }

    private func readBest(_ range: Range<Int>) {
        let summaries = summaries(range)
        for row in range {
            guard let search = healthySearch(row) else { continue }
            search.read(summaries + (row - range.lowerBound), row: owners[row].row, scratch: scratch)
        }
    }

    private func summaries(_ range: Range<Int>) -> UnsafePointer<dragoman_summary> {
        // One search that has to know more than its best token makes the batch find it for all, in the same pass.
        let takeBest = range.allSatisfy { running[owners[$0].segment].search.takesBest }
        guard takeBest, transformer.canScreenLogits(rows: range.count, in: workspace) else {
            return transformer.summarizeLogits(bestCounts[range], areSummed: !takeBest, of: range, in: workspace)
        }
        let found = transformer.screenLogits(bestCounts[range], of: range, in: workspace) { row, token in
            !running[owners[row].segment].search.forbids(token)
        }
        work.screen(rows: range.count, groups: found.groups)
        return found.summaries
    }

    /// The search that a row of the batch belongs to, unless its segment is broken.
    private func healthySearch(_ row: Int) -> (any Search)? {
        let segment = owners[row].segment
        if !isFinite(row) { running[segment].isBroken = true }
        return running[segment].isBroken ? nil : running[segment].search
    }

    /// Whether a row that the workspace's stream holds is made of finite numbers. What overflows anywhere in a row shows
    /// here: a residual stream never gets rid of it.
    private func isFinite(_ row: Int) -> Bool {
        let width = transformer.configuration.width
        return dragoman_first_non_finite(DRAGOMAN_ELEMENT_FLOAT32, workspace.stream.pointer + row * width, width)
            == width
    }

    private func memory(for job: SegmentJob) -> SegmentMemory {
        SegmentMemory(
            sourceLength: job.source.count, hypotheses: job.hypothesisCount, capacity: job.positionCount,
            stepRows: job.stepRows, keepsAlignments: job.settings.returnsAlignments,
            attentionHeads: job.settings.attentionHeads, rows: rows)
    }

    private func search(for job: SegmentJob, memory: SegmentMemory) -> any Search {
        switch job.task {
        case .score(let target): TargetScoring(job.settings, target: target, memory: memory)
        case .search(let segment):
            if let template = job.settings.template {
                ConstrainedSearch(job.settings, template, fillers: job.fillers, memory: memory)
            } else if !job.settings.phrases.isEmpty {
                ConstrainedSearch(job.settings, job.settings.phrases, memory: memory)
            } else if job.settings.isGreedy {
                SingleSearch(job.settings, segment: segment, memory: memory)
            } else {
                BeamSearch(job.settings, memory: memory)
            }
        }
    }
}
