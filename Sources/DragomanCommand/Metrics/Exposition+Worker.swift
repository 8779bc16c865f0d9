import Measures
import Worker

extension Exposition {
    mutating func add(_ measures: WorkerMeasures) {
        let status = measures.status
        add(
            .gauge, "dragoman_worker_brokers", "Brokers that the worker is to work for.", .whole(UInt64(status.brokers))
        )
        add(
            .gauge, "dragoman_worker_brokers_connected", "Brokers that have welcomed the worker.",
            .whole(UInt64(status.welcomed)))
        add(
            .gauge, "dragoman_worker_leases", "Parts of jobs that the worker has.", .whole(UInt64(status.leased)))
        add(
            .counter, "dragoman_worker_chunks_total", "Parts of jobs that the worker has dealt with, by how.",
            [
                Sample(.whole(status.done), ["result": "done"]), Sample(.whole(status.failed), ["result": "failed"]),
            ])
        add(
            .counter, "dragoman_worker_source_tokens_total", "Source tokens that the worker has translated.",
            .whole(status.sourceTokens))
        add(
            .counter, "dragoman_worker_sentences_total", "Sentences that the worker has translated.",
            .whole(status.sentences))
        add(
            measures.batchRows, at: measures.batchRows.scale.bounds, "dragoman_batch_rows",
            "Rows of the steps of the decoder: one for each hypothesis of each sentence that is translated at a time."
        ) { .whole($0) }
        let cache = measures.cache
        add(
            .counter, "dragoman_cache_segments_total",
            "Segments that were looked up: remembered, waited for while they were decoded for another, or decoded.",
            [
                Sample(.whole(cache.hits), ["result": "hit"]), Sample(.whole(cache.joined), ["result": "joined"]),
                Sample(.whole(cache.misses), ["result": "miss"]),
            ])
        add(
            .gauge, "dragoman_cache_bytes", "Memory of remembered translations, by an estimate.", .whole(cache.bytes))
        let limit = LabelLimit(measures.models.map(\.name))
        func samples(_ value: (WorkerMeasures.Model) -> Value?) -> [Sample] {
            measures.models.compactMap { model in
                value(model).map { Sample($0, ["model": limit.label(of: model.name)]) }
            }
        }
        add(
            .gauge, "dragoman_model_load_seconds", "How long the model took to load when it was loaded last.",
            samples { $0.loadNanoseconds.map { .microseconds($0 / 1_000) } })
        add(
            .gauge, "dragoman_model_loaded", "Whether the model is in memory.",
            samples { .whole($0.isLoaded ? 1 : 0) })
        add(
            .gauge, "dragoman_model_unavailable", "Whether the model cannot be loaded.",
            samples { .whole($0.isUnavailable ? 1 : 0) })
    }
}
