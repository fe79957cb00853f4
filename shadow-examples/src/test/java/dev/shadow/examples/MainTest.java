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

    @Test
    void complainsInOneLineOfAWrongOptionOfASubcommand() {
        assertThat(run("drill", "--clients", "0")).isEqualTo(2);
        assertThat(err.toString())
                .isEqualToIgnoringNewLines("shadow drill: --clients must be a number from 1 to 64, was '0'"
                        + " (try 'shadow drill --help')");
    }

    @Test
    void everySubcommandHelpsAndTellsItsExitCodes() {
        assertThat(run("drill", "--help")).isZero();
        assertThat(out.toString()).startsWith("Usage: shadow drill").contains("3   the drill could not be carried out");
    }

    @Test
    void hidesTheCommandsThatOnlyItsOwnProcessesUse() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("drill").doesNotContain("agent", "manager");
    }

    @Test
    void workThatCannotBeCarriedOutIsToldInOneLine() {
        assertThat(run("manager", "/no/such/settings.json")).isEqualTo(3);
        assertThat(err.toString()).hasLineCount(1).contains("NoSuchFileException", "/no/such/settings.json");
    }

    private int run(String... args) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }
}
