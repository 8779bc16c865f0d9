// `dragoman broker` with one difference: it kills itself where CRASH_AT says, see `CrashPoint`.
import Broker
import Dispatch
import DragomanCommand
import Foundation
import Logging
import SQLiteJobStore
import Settings
import TestKit
import ZeroMQ

let environment = ProcessInfo.processInfo.environment
guard let point = environment["CRASH_AT"].flatMap(CrashPoint.init) else {
    print("CRASH_AT must be a crash point such as before:finish:12")
    exit(64)
}
let settings = try Settings.read(file: nil, environment: environment).validated()
guard let folder = settings.store.directory else {
    print("DRAGOMAN_STORE_DIRECTORY must be set")
    exit(64)
}
let broker = try Broker(
    try BrokerConfiguration(settings, isEmbedded: false),
    store: CrashingStore(try SQLiteJobStore(in: folder), crashingAt: point), context: try Context(),
    logger: Logger(label: "broker that crashes at \(point)"), freeBytes: { nil }, onTurn: { _ in })
// Until it crashes, or is killed.
withExtendedLifetime(broker) { dispatchMain() }
