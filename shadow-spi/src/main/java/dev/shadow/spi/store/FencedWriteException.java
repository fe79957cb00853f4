package dev.shadow.spi.store;

/** The writer's fencing token is below one that has already written; it must stop writing. */
public final class FencedWriteException extends StoreException {
    private static final long serialVersionUID = 1L;

    /**
     * @param offered the writer's token
     * @param highestSeen the highest token that has written
     */
    public FencedWriteException(long offered, long highestSeen) {
        super(
                Retry.PERMANENT,
                "write with fencing token " + offered + " is refused: token " + highestSeen
                        + " has already written, so another manager owns these records");
    }
}
