package dev.shadow.examples.process.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shadow.examples.process.rpc.RpcClient;
import dev.shadow.examples.process.rpc.RpcException;
import dev.shadow.spi.CallContext;
import dev.shadow.spi.Generation;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.Resources;
import dev.shadow.spi.VmId;
import dev.shadow.spi.compute.ActivationMode;
import dev.shadow.spi.compute.InstanceDescription;
import dev.shadow.spi.compute.InstanceSpec;
import dev.shadow.spi.compute.PowerState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HostAgentTest {
    private static final String SECRET = "the-secret";
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final InstanceId SHADOW = InstanceId.of("shadow");

    @TempDir
    private Path root;

    private HostAgent agent;
    private RpcClient client;

    @BeforeEach
    void start() throws IOException {
        agent = HostAgent.start(settings(), System::nanoTime);
        client = RpcClient.of(
                "agent",
                SECRET,
                () -> new InetSocketAddress(
                        InetAddress.getLoopbackAddress(),
                        files().agent().orElseThrow().port()));
    }

    @AfterEach
    void end() throws IOException {
        client.close();
        agent.close();
    }

    private HostDirectory files() {
        return new HostDirectory(root.resolve("host"));
    }

    private HostAgent.Settings settings() {
        return new HostAgent.Settings(HostId.of("h1"), files(), SECRET, 4 << 20);
    }

    private void restart() throws IOException {
        agent.close();
        agent = HostAgent.start(settings(), System::nanoTime);
    }

    @Test
    void secondAgentOnTheSameDirectoryIsRefused() {
        assertThatThrownBy(() -> HostAgent.start(settings(), System::nanoTime))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("belongs to another agent");
    }

    @Test
    void restartedAgentKnowsItsStandbyInstances() throws Exception {
        create("key", 3);

        restart();

        InstanceDescription found = describe();
        assertThat(found.power()).isEqualTo(PowerState.STANDBY);
        assertThat(found.generation()).isEqualTo(Generation.of(3));
        assertThat(activate(3).power()).isEqualTo(PowerState.RUNNING);
    }

    @Test
    void whatRanUnderAnAgentHasStoppedWhenTheNextOneStarts() throws Exception {
        create("key", 0);
        activate(1);
        ProcessIdentity before = files().process(SHADOW).orElseThrow();

        restart();

        assertThat(before.isAlive()).isFalse();
        assertThat(describe().power()).isEqualTo(PowerState.STOPPED);
        assertThat(activate(1).power()).isEqualTo(PowerState.RUNNING);
    }

    @Test
    void instanceWhoseProcessEndsHasStopped() throws Exception {
        create("key", 0);
        activate(1);
        files().process(SHADOW).orElseThrow().kill(TIMEOUT, System::nanoTime);

        assertThatStopsSoon();
    }

    private void assertThatStopsSoon() throws Exception {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (describe().power() != PowerState.STOPPED) {
            assertThat(System.nanoTime())
                    .as("time until the instance is seen to have stopped")
                    .isLessThan(deadline);
        }
    }

    @Test
    void keyThatMadeAnInstanceMakesNoSecondOneAfterItsRemoval() throws Exception {
        create("first", 0);
        client.call("deprovision", new AgentMessages.Named(SHADOW, context("remove", 0)), TIMEOUT);

        assertThatThrownBy(() -> create("first", 0))
                .isInstanceOf(RpcException.class)
                .hasMessageContaining("removed since");
        assertThat(create("second", 0).power()).isEqualTo(PowerState.STANDBY);
    }

    @Test
    void instanceBeyondTheDiskOfTheHostIsRefusedWithWhatIsFree() {
        Resources large = new Resources(1, 1, 5 << 20, 1);
        InstanceSpec spec = new InstanceSpec(SHADOW, VmId.of("vm"), HostId.of("h1"), large);

        assertThatThrownBy(() -> client.call("create", new AgentMessages.Create(spec, context("key", 0)), TIMEOUT))
                .hasMessageContaining("its disk takes 5242880 bytes, 4194304 are free");
        assertThat(Files.exists(files().instance(SHADOW))).isFalse();
    }

    @Test
    void damagedRecordIsReportedAndNotGuessedOver() throws IOException {
        agent.close();
        Files.writeString(files().instancesFile(), "{\"instances\":");

        assertThatThrownBy(() -> HostAgent.start(settings(), System::nanoTime))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("instances.json is damaged");

        Files.delete(files().instancesFile());
        agent = HostAgent.start(settings(), System::nanoTime);
    }

    private InstanceDescription create(String key, long generation) throws RpcException {
        InstanceSpec spec = new InstanceSpec(SHADOW, VmId.of("vm"), HostId.of("h1"), new Resources(1, 1, 1 << 20, 1));
        return client.call(
                "create", new AgentMessages.Create(spec, context(key, generation)), InstanceDescription.class, TIMEOUT);
    }

    private InstanceDescription activate(long generation) throws RpcException {
        AgentMessages.Activate order =
                new AgentMessages.Activate(SHADOW, ActivationMode.TAKE_OVER, context("activate", generation));
        return client.call("activate", order, InstanceDescription.class, TIMEOUT);
    }

    private InstanceDescription describe() throws RpcException {
        return client.call("describe", Map.of("instance", SHADOW.value()), AgentMessages.Described.class, TIMEOUT)
                .instance()
                .orElseThrow();
    }

    private static CallContext context(String key, long generation) {
        return CallContext.of(key, Generation.of(generation), TIMEOUT);
    }
}
