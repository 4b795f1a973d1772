/// What is known of a request whose signature was right, or did not have to be.
struct VerifiedRequest: Sendable {
    var payload: PayloadDeclaration
    /// What the signatures of chunks continue; `nil` when signatures are not checked.
    var chunkSigning: ChunkSignatures?
}
