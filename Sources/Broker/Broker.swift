import Dispatching
import JobModel
package import JobStore
package import Logging
import SettingValues
import Spans
import Synchronization
package import ZeroMQ

/// A running broker: the sockets' thread, the commit thread and the readers around the state machine.
///
/// It lives until `stop`; whoever starts it watches `onTurn`, and stops it.
package final class Broker: Sendable {
    /// Where it listens, with the ports that wildcards stood for.
    package let endpoints: BrokerConfiguration.Endpoints
    package let epoch: UInt64

    private let inbox: Inbox<BrokerLoop.Letter>
    private let store: any JobStore
    private let commits: GroupCommit<CommitID>
    private let reader: StoreReader
    private let authenticator: Authenticator?
    private let gate: Gate
    private let exporter: SpanExporter?
    private let disk: DiskSpace
    private let thread: JoinableThread

    /// Takes possession of the store, listens, and serves.
    ///
    /// - Parameters:
    ///   - freeBytes: Of the store's disk; nil when there is none, or it cannot be told.
    ///   - onTurn: Called on the broker's thread after each turn; must return at once.
    /// - Throws: `StoreError`, `ZeroMQError` (busy endpoint), `SelfTest.Failure` (access control does not work).
    package init(
        _ configuration: BrokerConfiguration, store: any JobStore, context: Context, logger: Logger,
        freeBytes: @escaping @Sendable () -> UInt64?, onTurn: @escaping @Sendable (BrokerTurn) -> Void
    ) throws {
        LargeBlocks.areGivenBack()
        let refusals = RefusalLog(logger: logger)
        // Sockets first: a broker that cannot listen must not begin an epoch.
        let stranger = try CurveKeyPair.generate()
        let authenticator = try configuration.access.map { access in
            try Authenticator(context: context, allowing: access.allowing) { refusal in
                // That the self-test is refused is what is wanted.
                if refusal.key != stranger.publicKey { refusals.record(refusal) }
            }
        }
        let sockets = try BrokerSockets(configuration, context: context, authenticator: authenticator)
        let inbox = try Inbox<BrokerLoop.Letter>()
        let gate = try Gate(
            sockets.entries, limits: GateLimits(configuration.dispatch.limits), poke: inbox.wakeUp.signal,
            onRefusal: { refusal in refusals.record(refusal) })
        refusals.find { [weak gate] in gate?.knocking ?? [] }
        endpoints = BrokerConfiguration.Endpoints(
            jobs: gate.endpoints[0], work: gate.endpoints[1], results: gate.endpoints[2], feed: gate.endpoints[3])
        if let access = configuration.access {
            try SelfTest.strangerIsRefused(
                at: endpoints.jobs, server: access.keys.publicKey, stranger: stranger, context: context)
        }
        let recovery = try store.recover()
        epoch = recovery.epoch
        let dispatcher = Dispatcher(
            settings: configuration.dispatch, recovery: recovery, version: configuration.version,
            awaitsLeaseCommit: configuration.isEmbedded && !recovery.wasClosed, seed: .random(in: .min ... .max),
            at: .now)
        var commitSettings = CommitSettings()
        commitSettings.groupWrites = configuration.dispatch.store.groupCommitJobsMax
        let commits = GroupCommit<CommitID>(store: store, settings: commitSettings) { [inbox] results in
            inbox.post(.committed(results, place: Result { () throws(StoreError) in try store.checkPlace() }.problem))
        }
        store.whenEpochEnds { [inbox] problem in inbox.post(.storeProblem(problem)) }
        let reader = StoreReader(store: store)
        exporter = configuration.tracing.map { settings in
            SpanExporter(settings) { logger.log($0) }
        }
        let disk = DiskSpace()
        let loop = try BrokerLoop(
            sockets: sockets, gate: gate, refusals: refusals, inbox: inbox, configuration: configuration,
            commits: commits, reader: reader,
            dispatcher: dispatcher, epoch: recovery.epoch, exporter: exporter, logger: logger,
            freeBytes: {
                let bytes = freeBytes()
                disk.note(bytes)
                return bytes
            }, onTurn: onTurn)
        self.disk = disk
        self.inbox = inbox
        self.gate = gate
        self.store = store
        self.commits = commits
        self.reader = reader
        self.authenticator = authenticator
        logger.notice(
            "broker listens",
            metadata: [
                "epoch": "\(recovery.epoch)", "jobs": "\(endpoints.jobs)", "work": "\(endpoints.work)",
                "results": "\(endpoints.results)", "feed": "\(endpoints.feed)",
                "unfinished_jobs": "\(recovery.jobs.count)", "was_closed": "\(recovery.wasClosed)",
            ])
        if let problem = recovery.problem {
            logger.error(
                "nothing can be written: results can be read, and new jobs are refused",
                metadata: ["problem": "\(problem)", "code": "\(problem.code)"])
        }
        thread = try JoinableThread {
            do throws(ZeroMQError) {
                try loop.run()
            } catch {
                onTurn(.failed(error))
            }
        }
    }

    /// Of the store's disk, as it was seen last; nil: it cannot be told.
    var freeBytes: UInt64? { disk.free }
    var commitMeasures: CommitMeasures { commits.measures }

    func ask(_ answer: @escaping @Sendable (BrokerMeasures, _ reservedBytes: UInt64) -> Void) {
        inbox.post(.measure(answer))
    }

    /// No new jobs and no new leases; workers finish what they have begun. `onTurn(.drained)` says when that is done.
    package func drain() { inbox.post(.event(.drain)) }

    /// Takes over what can be changed while it runs.
    package func reconfigure(_ configuration: BrokerConfiguration) {
        // New connections first, so that nobody who is cut off comes back.
        if let access = configuration.access { authenticator?.replaceList(with: access.allowing) }
        inbox.post(.reconfigured(configuration))
        gate.setLimits(GateLimits(configuration.dispatch.limits))
    }

    /// Ends the loop, commits what is on its way, and closes the store.
    package func stop() throws(StoreError) {
        inbox.post(.stop)
        thread.join()
        // The sockets went with the thread; their last answers have still to go through.
        gate.stop()
        commits.stop()
        reader.stop()
        // Before the collector is waited for: a standby waits for the store.
        defer { exporter?.stop() }
        try store.close()
    }
}
