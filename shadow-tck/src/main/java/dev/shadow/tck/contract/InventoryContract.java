package dev.shadow.tck.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shadow.spi.HostId;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.VmId;
import dev.shadow.spi.inventory.HostDescription;
import dev.shadow.spi.inventory.Inventory;
import dev.shadow.spi.inventory.InventoryException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** The promises of {@link Inventory}. */
public abstract class InventoryContract extends SpiContract {
    /** The inventory under test, with at least two hosts and one virtual machine on the first of them. */
    protected abstract Inventory inventory();

    /** A virtual machine that it knows. */
    protected abstract VmId knownVm();

    /** Cuts the inventory off from what it asks. */
    protected abstract void makeUnreachable() throws Exception;

    private static final Duration SHORT = Duration.ofSeconds(1);

    private List<HostDescription> hosts() throws Exception {
        return inventory().hosts(timeout());
    }

    @Test
    void listsEveryHostOnce() throws Exception {
        assertThat(hosts())
                .extracting(HostDescription::id)
                .hasSizeGreaterThan(1)
                .doesNotHaveDuplicates();
    }

    @Test
    void listsHostsInAStableOrder() throws Exception {
        assertThat(hosts())
                .extracting(HostDescription::id)
                .containsExactlyElementsOf(
                        hosts().stream().map(HostDescription::id).toList());
    }

    @Test
    void describesAKnownVirtualMachineOnAListedHost() throws Exception {
        var vm = inventory().vm(knownVm(), timeout()).orElseThrow();
        assertThat(vm.id()).isEqualTo(knownVm());
        assertThat(hosts()).extracting(HostDescription::id).contains(vm.host());
    }

    @Test
    void knowsNothingOfAnUnknownVirtualMachine() throws Exception {
        assertThat(inventory().vm(VmId.of("no-such-vm"), timeout())).isEmpty();
    }

    @Test
    void latencyOfAHostToItselfIsZero() throws Exception {
        HostId host = hosts().get(0).id();
        assertThat(inventory().latency(host, host)).isZero();
    }

    @Test
    void latencyBetweenHostsIsNotNegative() throws Exception {
        List<HostDescription> hosts = hosts();
        assertThat(inventory().latency(hosts.get(0).id(), hosts.get(1).id())).isGreaterThanOrEqualTo(Duration.ZERO);
    }

    @Test
    void latencyToAnUnknownHostIsRefusedForGood() throws Exception {
        HostId known = hosts().get(0).id();
        assertRefused(
                Retry.PERMANENT, InventoryException.class, () -> inventory().latency(known, HostId.of("no-such-host")));
    }

    @Test
    void unreachableInventoryFailsInsteadOfListingNoHosts() throws Exception {
        makeUnreachable();
        assertRefused(
                Retry.TRANSIENT, InventoryException.class, () -> inventory().hosts(SHORT));
    }

    @Test
    void unreachableInventoryFailsInsteadOfForgettingAVirtualMachine() throws Exception {
        makeUnreachable();
        assertRefused(
                Retry.TRANSIENT, InventoryException.class, () -> inventory().vm(knownVm(), SHORT));
    }

    @Test
    void noCallOutlastsItsTimeOut() throws Exception {
        makeUnreachable();
        assertEndsWithin(SHORT, () -> inventory().hosts(SHORT));
        makeUnreachable();
        assertEndsWithin(SHORT, () -> inventory().vm(knownVm(), SHORT));
    }

    @Test
    void callsMayOverlap() throws Exception {
        List<Callable<HostId>> calls = new ArrayList<>(Collections.nCopies(
                8, () -> inventory().vm(knownVm(), timeout()).orElseThrow().host()));
        assertThat(allAtOnce(calls))
                .containsOnly(inventory().vm(knownVm(), timeout()).orElseThrow().host());
    }
}
