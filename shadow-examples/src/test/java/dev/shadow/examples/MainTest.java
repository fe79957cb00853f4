package dev.shadow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

final class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void helpsWhoeverAsks() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).startsWith("Usage: shadow").contains("Exit codes:");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void tellsItsVersion() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).startsWith("shadow ");
    }

    @Test
    void complainsInOneLineOfAnUnknownOption() {
        assertThat(run("--shdaow")).isEqualTo(2);
        assertThat(err.toString()).hasLineCount(1).startsWith("shadow: Unknown option: '--shdaow'");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void complainsInOneLineWhenNoCommandIsGiven() {
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString()).hasLineCount(1).startsWith("shadow: no command given");
    }

    private int run(String... args) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }
}
