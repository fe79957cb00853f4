package dev.shadow.tck.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shadow.spi.CallContext;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.VmId;
import dev.shadow.spi.function.FunctionException;
import dev.shadow.spi.function.FunctionRunner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/**
 * The promises of {@link FunctionRunner}. The implementer deploys three functions: {@code echo} answers its
 * input and the virtual machine under the name {@code vm}, {@code count} raises a counter by one and
 * answers nothing, {@code refuse} refuses.
 */
public abstract class FunctionRunnerContract extends SpiContract {
    /** The runner under test. */
    protected abstract FunctionRunner runner();

    /** What the counter of {@code count} stands at. */
    protected abstract int counted() throws Exception;

    /** Makes the functions unreachable. */
    protected abstract void makeUnreachable() throws Exception;

    private static final Duration SHORT = Duration.ofSeconds(1);

    private final VmId vm = VmId.of("contract-vm");

    @Test
    void functionIsToldItsInputAndItsVirtualMachine() throws Exception {
        assertThat(runner().run("echo", vm, Map.of("name", "value"), context(1)))
                .isEqualTo(Map.of("name", "value", "vm", "contract-vm"));
    }

    @Test
    void answerMayBeEmpty() throws Exception {
        assertThat(runner().run("count", vm, Map.of(), context(1))).isEmpty();
    }

    @Test
    void runRepeatedWithItsKeyHasTheEffectOfOne() throws Exception {
        CallContext context = context(1);
        runner().run("count", vm, Map.of(), context);
        runner().run("count", vm, Map.of(), context);
        assertThat(counted()).isEqualTo(1);
    }

    @Test
    void runWithAnotherKeyHasItsOwnEffect() throws Exception {
        runner().run("count", vm, Map.of(), context(1));
        runner().run("count", vm, Map.of(), context(1));
        assertThat(counted()).isEqualTo(2);
    }

    @Test
    void unknownFunctionIsRefusedForGood() {
        assertRefused(
                Retry.PERMANENT,
                FunctionException.class,
                () -> runner().run("no-such-function", vm, Map.of(), context(1)));
    }

    @Test
    void functionThatRefusesFailsForGood() {
        assertRefused(Retry.PERMANENT, FunctionException.class, () -> runner().run("refuse", vm, Map.of(), context(1)));
    }

    @Test
    void unreachableFunctionMayBeTriedAgain() throws Exception {
        makeUnreachable();
        assertRefused(
                Retry.TRANSIENT, FunctionException.class, () -> runner().run("echo", vm, Map.of(), context(1, SHORT)));
    }

    @Test
    void runDoesNotOutlastItsTimeOut() throws Exception {
        makeUnreachable();
        assertEndsWithin(SHORT, () -> runner().run("echo", vm, Map.of(), context(1, SHORT)));
    }

    @Test
    void runsMayOverlap() throws Exception {
        List<Callable<Map<String, String>>> runs = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Map<String, String> input = Map.of("i", Integer.toString(i));
            runs.add(() -> runner().run("echo", vm, input, context(1)));
        }
        assertThat(allAtOnce(runs)).doesNotHaveDuplicates();
    }
}
