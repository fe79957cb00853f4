package dev.shadow.core;

import dev.shadow.core.internal.ControlPlane;
import dev.shadow.spi.HostId;
import dev.shadow.spi.Subscription;
import dev.shadow.spi.VmId;
import dev.shadow.spi.event.ShadowEvent;
import dev.shadow.spi.failover.FailoverReport;
import dev.shadow.spi.failover.HostHealth;
import dev.shadow.spi.failover.Route;
import dev.shadow.spi.profile.PlacementProfile;
import dev.shadow.spi.replica.ShadowReplica;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Keeps every profiled virtual machine supplied with warm shadow replicas, and activates them.
 *
 * <p>A level-triggered control loop: each pass compares the applied profiles with what the store, the
 * hypervisor and the synchronisation sessions say, and takes the next idempotent steps. Every step is
 * recorded before it is taken, so that a manager that was killed goes on where it stood when it is
 * built again on the same store, and nothing is made twice.
 *
 * <p>Drive it with {@link #start}, or call {@link #processPlacementProfiles} yourself; both together do no
 * harm. May be shared between threads. Work for one virtual machine never overlaps; different virtual
 * machines may be worked on side by side.
 */
public final class ShadowManager implements AutoCloseable {
    private final ControlPlane plane;

    ShadowManager(ControlPlane plane) {
        this.plane = plane;
    }

    /** Returns a builder; what has no default must be given to it. */
    public static ShadowManagerBuilder builder() {
        return new ShadowManagerBuilder();
    }

    /**
     * Makes {@code profile} the desired state of its virtual machine, in place of an earlier one. It is
     * durable when the call returns; the next pass acts on it.
     *
     * @throws dev.shadow.spi.InvalidValueException if the inventory does not know the virtual machine, or
     *     the profile names a function while no function runner was supplied
     * @throws ControlPlaneException if the inventory or the store failed; nothing is changed, or the call can
     *     be repeated
     */
    public void apply(PlacementProfile profile) {
        plane.apply(profile);
    }

    /**
     * Removes the profile of a virtual machine; the next passes retire its shadows. The instance that serves
     * stays, also if it was a shadow once. Nothing if there is no profile.
     *
     * @throws ControlPlaneException if the store failed
     */
    public void remove(VmId vm) {
        plane.remove(vm);
    }

    /** The applied profiles, higher priority first. */
    public List<PlacementProfile> profiles() {
        return plane.profiles();
    }

    /**
     * Takes one reconcile pass on the calling thread and returns what it did. Blocks for as long as the
     * service providers do.
     */
    public PassReport processPlacementProfiles() {
        return plane.pass();
    }

    /** Takes a pass at every interval from now on, on the executor. Starting twice has the effect of once. */
    public void start() {
        plane.start();
    }

    /**
     * Fails a virtual machine over to its best shadow, whether or not its primary is alive. If the primary
     * can be fenced and still replicates, everything that it acknowledged is carried over first.
     *
     * <p>The future always ends with a report, also of a refused failover. It ends exceptionally, with an
     * {@link dev.shadow.spi.InvalidValueException}, for a virtual machine without a profile, and with a
     * {@link ControlPlaneException} when the store failed. While a failover of the virtual machine is under
     * way, the call joins it.
     */
    public CompletableFuture<FailoverReport> failover(VmId vm) {
        return plane.failover(vm);
    }

    /**
     * The replicas of a virtual machine in the order of activation, with the newest status known: those that
     * are warming or standing by, one that was activated and now serves, and failed ones that are not yet
     * cleared away. Empty for an unknown virtual machine.
     */
    public List<ShadowReplica> replicas(VmId vm) {
        return plane.replicas(vm);
    }

    /** The instance that serves, as recorded; empty before the first pass has seen the virtual machine. */
    public Optional<PrimaryInstance> primary(VmId vm) {
        return plane.primary(vm);
    }

    /**
     * Where the traffic director sends the clients of a virtual machine.
     *
     * @throws ControlPlaneException if the traffic director could not be asked
     */
    public Optional<Route> route(VmId vm) {
        return plane.route(vm);
    }

    /** What the failure detector holds of a host. */
    public HostHealth health(HostId host) {
        return plane.health(host);
    }

    /**
     * Delivers every event from now on, in order, on the executor; a slow listener delays later events and
     * nothing else, and its exceptions are logged and ignored.
     */
    public Subscription subscribe(Consumer<ShadowEvent> listener) {
        return plane.subscribe(listener);
    }

    /**
     * Stops acting and frees what the builder opened: a store that was named by its directory, the default
     * detector, the default executor. Replication sessions go on; a failover that is under way is taken up by
     * the next manager on the same store. Closing twice has the effect of once.
     */
    @Override
    public void close() {
        plane.close();
    }
}
