package dev.shadow.sync.file;

import dev.shadow.spi.Generation;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.StaleGenerationException;
import dev.shadow.spi.VmId;
import dev.shadow.spi.sync.Promotion;
import dev.shadow.spi.sync.SyncException;
import dev.shadow.sync.internal.ReplicaPoint;
import dev.shadow.sync.internal.file.TreeReplica;
import dev.shadow.sync.internal.file.TreeVault;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The directory trees that a replica server keeps. A tree is brought from one committed round to the next in place: while
 * that goes on, who looks at it sees some of both; a crash in the midst is made good when the server starts again. May be
 * shared between threads.
 */
public final class TreeReplicas {
    private final TreeVault vault;

    private TreeReplicas(TreeVault vault) {
        this.vault = vault;
    }

    /** Returns the trees of a vault; a server makes this. */
    public static TreeReplicas of(TreeVault vault) {
        return new TreeReplicas(vault);
    }

    /**
     * Makes an empty tree. One that exists for the same virtual machine stays as it is and sees the generation.
     *
     * @throws SyncException permanent if it exists for another virtual machine, or cannot be made
     * @throws StaleGenerationException if it has seen a newer generation
     */
    public void create(VmId vm, InstanceId instance, Generation generation) throws SyncException {
        try {
            vault.create(vm.value(), instance, generation.value());
        } catch (IOException e) {
            throw permanent("tree " + instance + " cannot be created: " + e.getMessage(), e);
        }
    }

    /**
     * Makes the last committed round the tree's content for good. Durable when it returns; repeated with the same
     * generation it returns the same promotion.
     *
     * @throws SyncException if there is no such tree, or it holds no committed round
     * @throws StaleGenerationException if it has seen this generation or a newer one
     */
    public Promotion promote(InstanceId instance, Generation generation) throws SyncException {
        try {
            TreeReplica.Promoted done = require(instance).promote(generation.value());
            return new Promotion(
                    Generation.of(done.generation()),
                    done.point().epoch(),
                    Instant.ofEpochMilli(done.point().frozenAtMillis()),
                    done.discardedBytes());
        } catch (IOException e) {
            throw permanent(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Returns the directory that equals the last committed round, after bringing it there if that was still going on. Only
     * a promoted tree may be written to.
     *
     * @throws SyncException if there is no such tree, or it cannot be brought to its committed round
     */
    public Path directory(InstanceId instance) throws SyncException {
        try {
            TreeReplica replica = require(instance);
            replica.settle();
            return replica.tree();
        } catch (IOException e) {
            throw permanent("tree " + instance + " cannot be brought to its committed round: " + e.getMessage(), e);
        }
    }

    /** What is held of a tree; empty if there is none. */
    public Optional<TreeStatus> status(InstanceId instance) {
        return vault.find(instance).map(replica -> status(instance, replica.view()));
    }

    private static TreeStatus status(InstanceId instance, TreeReplica.View view) {
        ReplicaPoint point = view.point();
        return new TreeStatus(
                VmId.of(view.vm()),
                instance,
                Generation.of(view.generation()),
                view.promoted(),
                point.isCommitted() ? OptionalLong.of(point.epoch()) : OptionalLong.empty(),
                point.isCommitted() ? Optional.of(Instant.ofEpochMilli(point.frozenAtMillis())) : Optional.empty(),
                view.bytes(),
                view.connected());
    }

    /** Every tree, by name. */
    public List<TreeStatus> all() {
        return vault.all().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> status(entry.getKey(), entry.getValue().view()))
                .toList();
    }

    /**
     * Removes a tree and all that it holds. If there is none, the call succeeds.
     *
     * @throws SyncException if its files cannot be removed
     */
    public void remove(InstanceId instance) throws SyncException {
        try {
            vault.remove(instance);
        } catch (IOException e) {
            throw permanent("tree " + instance + " cannot be removed: " + e.getMessage(), e);
        }
    }

    private TreeReplica require(InstanceId instance) throws SyncException {
        return vault.find(instance)
                .orElseThrow(() -> new SyncException(
                        SyncException.Retry.PERMANENT, "there is no tree " + instance + " here: create it first"));
    }

    private static SyncException permanent(String message, IOException cause) {
        return new SyncException(SyncException.Retry.PERMANENT, message, cause);
    }
}
