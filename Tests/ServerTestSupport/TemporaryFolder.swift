internal import Foundation

/// Does something with a folder that is empty at first and gone afterwards.
public func withTemporaryFolder<Result>(_ body: (_ path: String) async throws -> Result) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "brigade-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let outcome: Swift.Result<Result, any Error>
    do {
        outcome = .success(try await body(folder.path()))
    } catch {
        outcome = .failure(error)
    }
    try FileManager.default.removeItem(at: folder)
    return try outcome.get()
}
