import Dispatching
import SettingValues
import TestKit

/// What the cluster consists of and what befalls it: all of it follows from a seed, unless a test sets it.
struct Scenario {
    struct Weather {
        var lossesPerThousand = 0
        var doublesPerThousand = 0
        var stragglersPerThousand = 0
        var straggleMilliseconds = 1
        var jitterMicroseconds = 0
        /// As one TCP connection does.
        var keepsOrder = true
        /// The nodes for which the weather is always fine.
        var spares: NodeID.Kind?
    }

    /// How often each is chosen when mischief is made.
    struct Mischief {
        var workerCrash = 0
        var workerFreeze = 0
        var workerStall = 0
        var workerDrain = 0
        var brokerCrash = 0
        var brokerDrain = 0
        var producerCrash = 0
        var consumerCrash = 0
        var cut = 0
        var reconnect = 0
        var diskTrouble = 0
        var wallJump = 0
        var modelTrouble = 0

        var total: Int {
            workerCrash + workerFreeze + workerStall + workerDrain + brokerCrash + brokerDrain + producerCrash
                + consumerCrash + cut + reconnect + diskTrouble + wallJump + modelTrouble
        }
    }

    /// Of a thousand jobs, so many are of each kind; the others are plain.
    struct Natures {
        var poison = 0
        var shaky = 0
        var hopeless = 0
        var moody = 0
        var slow = 0
    }

    var seed: UInt64
    var tenants = 1
    var producersPerTenant = 1
    var consumersPerTenant = 1
    var workers = 3
    /// Broker and workers are one process.
    var isEmbedded = false
    var dispatch = DispatchSettings()
    var windowTokens: UInt64 = 400
    var roomTokens: UInt64 = 200
    var workerDrainMilliseconds: UInt64 = 3000
    var weather = Weather()
    var mischief = Mischief()
    /// The mean time between two mischiefs.
    var mischiefMilliseconds = 2000
    var natures = Natures()
    var meanPauseMilliseconds = 200
    var deadlinesPerThousand = 0
    var partialsPerThousand = 0
    var cancelsPerThousand = 0
    var questionsPerThousand = 0
    var repeatsPerThousand = 0
    var impostorsPerThousand = 0
    /// Producers submit so many jobs each; nil: as long as the simulation goes.
    var jobsPerProducer: Int?
    var sabotage: Sabotage?
    /// The machine's own look at itself, every so many events of the broker.
    var eventsPerCheck = 64
    /// One in so many workers that start have a new name.
    var newNamesOneIn = 3
    /// The first two workers have one name.
    var hasTwins = false
    /// How long all may take to come to its end, once nothing goes wrong any more.
    var patienceMinutes: UInt64 = 180
    /// Workers are never lost but by what they translate, so nothing but poison may be charged.
    var isOnlyPoisonDeadly = false

    /// A quiet cluster.
    init(quiet seed: UInt64) {
        self.seed = seed
        dispatch.broker.chunkTokensMax = 64
    }

    init(seed: UInt64) {
        var random = SeededRandom(seed: seed &* 0x9E37_79B9_7F4A_7C15 ^ 0x5CE7_A110)
        self.init(quiet: seed)
        tenants = random.integer(1...3)
        producersPerTenant = random.integer(1...2)
        consumersPerTenant = random.integer(1...2)
        workers = random.integer(1...5)
        isEmbedded = random.oneIn(5)
        if isEmbedded { workers = 1 }
        windowTokens = UInt64(random.integer(40...1500))
        roomTokens = UInt64(random.integer(20...800))
        workerDrainMilliseconds = UInt64(random.choice([0, 500, 3000, 30_000]))
        drawSettings(&random)
        drawWeather(&random)
        drawMischief(&random)
        drawWork(&random)
        isOnlyPoisonDeadly = isKindToWorkers
        if random.oneIn(3) { mischief.modelTrouble = random.integer(1...4) }
        hasTwins = workers > 1 && random.oneIn(3)
    }

    private var isKindToWorkers: Bool {
        let isFine = weather.lossesPerThousand + weather.doublesPerThousand + weather.stragglersPerThousand == 0
        let harm = mischief.workerCrash + mischief.workerFreeze + mischief.workerStall + mischief.brokerCrash
        return isFine && harm + mischief.cut + mischief.reconnect == 0 && !isEmbedded
    }

    private mutating func drawSettings(_ random: inout SeededRandom) {
        dispatch.broker.leaseMs = random.choice([2000, 6000, 30_000])
        dispatch.broker.resumeGraceMs = random.choice([1000, 10_000])
        dispatch.broker.drainMs = random.choice([1000, 30_000])
        dispatch.broker.attemptsMax = random.integer(2...5)
        dispatch.broker.backoffBaseMs = random.choice([10, 1000])
        dispatch.broker.backoffMaxMs = random.choice([5000, 300_000])
        dispatch.broker.chunkTokensMax = random.choice([16, 64, 2048])
        dispatch.limits.ageingMs = random.choice([0, 2000, 60_000])
        dispatch.limits.queuedJobsMax = random.choice([10, 100, 100_000])
        dispatch.limits.queuedBytesMax = random.choice([4000, 1 << 30])
        dispatch.limits.tenantQueuedJobsMax = random.choice([0, 8, 60])
        dispatch.limits.tenantQueuedBytesMax = random.choice([0, 3000])
        dispatch.limits.inflightBytesMax = random.choice([3000, 64 << 20])
    }

    private mutating func drawWeather(_ random: inout SeededRandom) {
        if isEmbedded { weather.spares = .worker }
        if random.oneIn(4) { return }
        weather.lossesPerThousand = random.choice([0, 5, 50, 200])
        weather.doublesPerThousand = random.choice([0, 5, 100])
        weather.stragglersPerThousand = random.choice([0, 10, 50])
        weather.straggleMilliseconds = random.choice([50, 2000, 40_000])
        weather.jitterMicroseconds = random.choice([0, 2000, 300_000])
        weather.keepsOrder = random.oneIn(3)
    }

    private mutating func drawMischief(_ random: inout SeededRandom) {
        mischiefMilliseconds = random.choice([300, 2000, 10_000])
        if random.oneIn(8) { return }
        func weight(_ most: Int) -> Int { random.flag() ? random.integer(1...most) : 0 }
        mischief = Mischief(
            workerCrash: weight(5), workerFreeze: weight(3), workerStall: weight(3), workerDrain: weight(3),
            brokerCrash: weight(4), brokerDrain: weight(2), producerCrash: weight(2), consumerCrash: weight(4),
            cut: weight(5), reconnect: weight(3), diskTrouble: weight(3), wallJump: random.oneIn(4) ? 1 : 0)
        if isEmbedded {
            mischief.workerCrash = 0
            mischief.workerDrain = 0
            mischief.workerFreeze = 0
        }
        if random.flag() {
            dispatch.store.retentionMs = 3 * 3600 * 1000
            dispatch.store.acknowledgedRetentionMs = 15 * 60 * 1000
        }
    }

    private mutating func drawWork(_ random: inout SeededRandom) {
        natures = Natures(
            poison: random.choice([0, 2, 20]), shaky: random.choice([0, 5, 30]), hopeless: random.choice([0, 10]),
            moody: random.choice([0, 50]), slow: random.choice([0, 10]))
        meanPauseMilliseconds = random.choice([20, 200, 1500])
        deadlinesPerThousand = random.choice([0, 50, 300])
        partialsPerThousand = random.choice([0, 300])
        cancelsPerThousand = random.choice([0, 50, 200])
        questionsPerThousand = random.choice([0, 100])
        repeatsPerThousand = random.choice([0, 50])
        impostorsPerThousand = random.choice([0, 30])
    }
}
