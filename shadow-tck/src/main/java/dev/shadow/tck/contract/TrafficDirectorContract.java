package dev.shadow.tck.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shadow.spi.CallContext;
import dev.shadow.spi.Endpoint;
import dev.shadow.spi.Generation;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.VmId;
import dev.shadow.spi.failover.Route;
import dev.shadow.spi.failover.TrafficDirector;
import dev.shadow.spi.failover.TrafficException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The promises of {@link TrafficDirector}. */
public abstract class TrafficDirectorContract extends SpiContract {
    /** A client's connection through the director. */
    public interface Client {
        /** The target that answers it. */
        Endpoint reached() throws Exception;

        /** Whether the connection was not cut. */
        boolean isOpen() throws Exception;
    }

    /** The director under test. */
    protected abstract TrafficDirector director();

    /** Starts one more server that a director can send clients to, and returns where it answers. */
    protected abstract Endpoint newTarget() throws Exception;

    /** Connects a client through the director. */
    protected abstract Client connect(VmId vm) throws Exception;

    /** Cuts the director off, so that it can do nothing. */
    protected abstract void makeUnreachable() throws Exception;

    private static final Duration SHORT = Duration.ofSeconds(1);

    private final VmId vm = VmId.of("contract-vm");

    @Test
    void newClientsReachTheTarget() throws Exception {
        Endpoint target = newTarget();
        director().redirect(vm, target, context(1));
        assertThat(connect(vm).reached()).isEqualTo(target);
    }

    @Test
    void routeTellsTargetAndGeneration() throws Exception {
        Endpoint target = newTarget();
        director().redirect(vm, target, context(3));
        assertThat(director().route(vm, timeout())).contains(new Route(target, Generation.of(3)));
    }

    @Test
    void unknownVirtualMachineHasNoRoute() throws Exception {
        assertThat(director().route(VmId.of("no-such-vm"), timeout())).isEmpty();
    }

    @Test
    void redirectCutsConnectionsThatLeadElsewhere() throws Exception {
        director().redirect(vm, newTarget(), context(1));
        Client client = connect(vm);
        assertThat(client.isOpen()).isTrue();
        director().redirect(vm, newTarget(), context(2));
        eventually("the old connection is cut", () -> !client.isOpen());
    }

    @Test
    void redirectRepeatedCutsNothing() throws Exception {
        Endpoint target = newTarget();
        CallContext context = context(1);
        director().redirect(vm, target, context);
        Client client = connect(vm);
        director().redirect(vm, target, context);
        assertThat(client.isOpen()).isTrue();
    }

    @Test
    void redirectOfAnOlderGenerationLeavesTheRoute() throws Exception {
        Endpoint newer = newTarget();
        Endpoint older = newTarget();
        director().redirect(vm, newer, context(5));
        assertStale(4, () -> director().redirect(vm, older, context(4)));
        assertThat(director().route(vm, timeout()).map(Route::target)).contains(newer);
    }

    @Test
    void routesOfDifferentVirtualMachinesAreApart() throws Exception {
        Endpoint first = newTarget();
        Endpoint second = newTarget();
        VmId other = VmId.of("other-vm");
        director().redirect(vm, first, context(1));
        director().redirect(other, second, context(1));
        assertThat(director().route(vm, timeout()).map(Route::target)).contains(first);
    }

    @Test
    void redirectsMayOverlap() throws Exception {
        Endpoint target = newTarget();
        List<VmId> vms = List.of(VmId.of("vm-a"), VmId.of("vm-b"), VmId.of("vm-c"), VmId.of("vm-d"));
        allAtOnce(vms.stream()
                .<java.util.concurrent.Callable<VmId>>map(each -> () -> {
                    director().redirect(each, target, context(1));
                    return each;
                })
                .toList());
        for (VmId each : vms) {
            assertThat(director().route(each, timeout())).isPresent();
        }
    }

    @Test
    void unreachableDirectorFailsTheRedirect() throws Exception {
        Endpoint target = newTarget();
        makeUnreachable();
        assertRefused(
                Retry.TRANSIENT, TrafficException.class, () -> director().redirect(vm, target, context(1, SHORT)));
    }

    @Test
    void noCallOutlastsItsTimeOut() throws Exception {
        Endpoint target = newTarget();
        makeUnreachable();
        assertEndsWithin(SHORT, () -> director().redirect(vm, target, context(1, SHORT)));
    }
}
