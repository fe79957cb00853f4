package dev.shadow.examples.drill;

import dev.shadow.spi.sync.LinkLossPolicy;
import dev.shadow.spi.sync.SyncMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What a drill is to do.
 *
 * @param mode when a write of the guest is acknowledged
 * @param victim what is killed
 * @param cutLink whether the replication link is cut for a while before that
 * @param onLinkLoss what synchronous replication does meanwhile
 * @param diskBytes size of the virtual machine's disk
 * @param clients number of clients
 * @param writesPerSecond writes of all clients together that are aimed at
 * @param valueBytes bytes of each value
 * @param loadBeforeKill how long the clients write between the shadow being ready and the kill
 * @param loadAfterKill how long they go on afterwards
 * @param step how long five minutes of the recorded load take
 * @param rpo recovery point objective in asynchronous mode
 * @param seed everything random is drawn from it
 * @param workDirectory where everything is kept; empty for one that is removed at the end
 * @param keep whether the work directory stays
 * @param json where the report is written; empty for the work directory
 * @param verbose whether every event is told
 */
public record DrillPlan(
        SyncMode mode,
        Victim victim,
        boolean cutLink,
        LinkLossPolicy onLinkLoss,
        long diskBytes,
        int clients,
        int writesPerSecond,
        int valueBytes,
        Duration loadBeforeKill,
        Duration loadAfterKill,
        Duration step,
        Duration rpo,
        long seed,
        Optional<Path> workDirectory,
        boolean keep,
        Optional<Path> json,
        boolean verbose) {
    /** What is killed with SIGKILL while the clients write. */
    public enum Victim {
        /** The primary's host: its agent and its virtual machine. */
        SOURCE_HOST,
        /** The primary's virtual machine alone. */
        SOURCE_VM,
        /** The shadow's host, which comes back later. */
        TARGET_HOST,
        /** The manager, which is started again; then the primary's host. */
        MANAGER,
        /** Nothing. */
        NONE;

        /** Whether the virtual machine fails over. */
        boolean leadsToFailover() {
            return this == SOURCE_HOST || this == SOURCE_VM || this == MANAGER;
        }
    }
}
