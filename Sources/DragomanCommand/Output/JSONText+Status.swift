package import JobModel

extension JSONText {
    /// Keys as in the published protocol, and the endpoint.
    package mutating func status(_ report: StatusReport, endpoint: String) {
        object { json in
            json.member("endpoint", endpoint)
            json.member("version", report.version)
            json.member("epoch", report.epoch)
            json.member("uptime_ms", report.uptimeMilliseconds)
            json.member("draining", report.isDraining)
            json.member("refusal", report.refusal)
            json.member("tenant", report.tenant)
            json.member("all_tenants", report.isOfAllTenants)
            json.member("queued_jobs", report.queuedJobs)
            json.member("queued_chunks", report.queuedChunks)
            json.member("leased_chunks", report.leasedChunks)
            json.member("queued_bytes", report.queuedBytes)
            json.member("dead_jobs", report.deadJobs)
            json.member("accepted_total", report.accepted)
            json.member("rejected_total", report.rejected)
            json.member("done_total", report.done)
            json.member("failed_total", report.failed)
            json.member("expired_total", report.expired)
            json.member("cancelled_total", report.cancelled)
            json.member("leases_lost_total", report.leasesLost)
            json.member("oldest_queued_ms", report.oldestQueuedMilliseconds)
            json.latency("job_wait", report.jobWait)
            json.latency("job_duration", report.jobDuration)
            json.member("source_tokens_total", report.sourceTokens)
            json.member("sentences_total", report.sentences)
            json.member("last_sequence", report.lastSequence)
            if let logID = report.logID { json.member("log_id", logID.description) }
            json.member("worker_count", report.workerCount)
            json.key("workers")
            json.array(report.workers) { $0.worker($1) }
            json.key("models")
            json.array(report.models) { $0.model($1) }
            json.key("consumers")
            json.array(report.consumers) { $0.consumer($1) }
        }
    }

    /// - Parameter endpoint: Of its broker, where the object stands alone.
    package mutating func consumer(_ consumer: StatusReport.ConsumerStatus, endpoint: String? = nil) {
        object { json in
            if let endpoint { json.member("endpoint", endpoint) }
            json.member("name", consumer.name)
            json.member("tenant", consumer.tenant)
            json.member("acknowledged", consumer.acknowledged)
            json.member("last_sequence", consumer.lastSequence)
            json.member("lag_records", consumer.lag)
            json.member("attached", consumer.isAttached)
            json.member("absent_ms", consumer.absentMilliseconds)
            json.member("abandoned", consumer.isAbandoned)
        }
    }

    /// An older broker does not say.
    private mutating func latency(_ name: String, _ latency: StatusReport.Latency?) {
        guard let latency else { return }
        key(name)
        object { json in
            json.member("count", latency.count)
            json.member("p50_ms", latency.p50Milliseconds)
            json.member("p90_ms", latency.p90Milliseconds)
            json.member("p99_ms", latency.p99Milliseconds)
        }
    }

    private mutating func worker(_ worker: StatusReport.WorkerStatus) {
        object { json in
            json.member("instance", worker.instance)
            json.member("silent_ms", worker.silentMilliseconds)
            json.member("leased_chunks", worker.leasedChunks)
            json.member("leased_tokens", worker.leasedTokens)
            json.member("window_tokens", worker.windowTokens)
            json.key("models")
            json.array(worker.models) { $0.string($1) }
            json.key("loaded_models")
            json.array(worker.loadedModels) { $0.string($1) }
            json.key("unavailable_models")
            json.array(worker.unavailableModels) { json, model in
                json.object { json in
                    json.member("name", model.name)
                    json.member("reason", model.reason)
                }
            }
            json.member("draining", worker.isDraining)
            json.member("done_total", worker.done)
            json.member("unreachable", worker.isUnreachable)
            json.member("failed_total", worker.failed)
            json.member("source_tokens_per_second", worker.sourceTokensPerSecond)
        }
    }

    /// - Parameter endpoint: Of its broker, where the object stands alone.
    package mutating func model(_ model: StatusReport.ModelStatus, endpoint: String? = nil) {
        object { json in
            if let endpoint { json.member("endpoint", endpoint) }
            json.member("name", model.name)
            json.member("source_language", model.sourceLanguage)
            json.member("target_language", model.targetLanguage)
            json.key("languages")
            json.array(model.languages) { json, set in
                json.object { json in
                    json.key("source")
                    json.array(set.source) { $0.string($1) }
                    json.key("target")
                    json.array(set.target) { $0.string($1) }
                }
            }
            json.member("workers", model.workers)
            json.member("queued_chunks", model.queuedChunks)
            json.member("leased_chunks", model.leasedChunks)
            json.member("done_total", model.done)
            json.member("source_tokens_per_second", model.sourceTokensPerSecond)
            json.member("sentences_per_second", model.sentencesPerSecond)
            json.member("absent_ms", model.absentMilliseconds)
        }
    }
}
