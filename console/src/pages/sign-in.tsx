// Signing in: two fields, the server's own words when it refuses, and back to where the reader wanted to go.
import { useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Form, Input } from "antd";
import { useState, type ReactNode } from "react";
import { useLocation, useNavigate } from "react-router";
import { changes } from "../api/changes.ts";
import { ProblemError } from "../api/problem.ts";
import { LookSwitches } from "../app/look-switches.tsx";
import { to } from "../app/paths.ts";
import { useText } from "../app/text.ts";

type SignIn = Readonly<{ login: string; password: string }>;

export function SignInPage(): ReactNode {
  const t = useText();
  return (
    <main className="sign-in">
      <div className="sign-in-look">
        <LookSwitches />
      </div>
      <div className="sign-in-box">
        <h1>{t("app.name")}</h1>
        <p className="quiet">{t("signIn.about")}</p>
        <SignInForm />
        <p className="quiet small">{t("signIn.help")}</p>
      </div>
    </main>
  );
}

function SignInForm(): ReactNode {
  const t = useText();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { from } = (useLocation().state ?? {}) as Readonly<{ from?: string }>;
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const send = async ({ login, password }: SignIn): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      await changes.signIn(login, password);
      queries.clear();
      await navigate(from ?? to.start(), { replace: true });
    } catch (failure) {
      const words = failure instanceof ProblemError ? failure.problem?.detail : undefined;
      setError(words ?? t("state.unreachableHelp"));
      setBusy(false);
    }
  };
  const needed = [{ required: true, message: t("form.needed") }];
  return (
    <Form layout="vertical" requiredMark={false} onFinish={(values: SignIn) => void send(values)}>
      {error !== null && <Alert type="error" showIcon role="alert" title={error} />}
      <Form.Item name="login" label={t("signIn.login")} rules={needed}>
        <Input autoComplete="username" autoFocus />
      </Form.Item>
      <Form.Item name="password" label={t("signIn.password")} rules={needed}>
        <Input.Password autoComplete="current-password" />
      </Form.Item>
      <Button type="primary" htmlType="submit" block loading={busy}>
        {t("signIn.send")}
      </Button>
    </Form>
  );
}
