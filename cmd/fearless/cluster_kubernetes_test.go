package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// The types below are as much of Kubernetes's as the manifest uses. A field that none of
// them has is refused, as a server with strict checks does it.
type kubeMeta struct {
	Name   string            `yaml:"name"`
	Labels map[string]string `yaml:"labels"`
}

type kubeContainer struct {
	Name, Image string
	Command     []string
	WorkingDir  string `yaml:"workingDir"`
	Env         []struct {
		Name, Value string
		ValueFrom   struct {
			SecretKeyRef struct{ Name, Key string } `yaml:"secretKeyRef"`
		} `yaml:"valueFrom"`
	}
	Resources       struct{ Requests, Limits map[string]string }
	SecurityContext struct {
		AllowPrivilegeEscalation *bool `yaml:"allowPrivilegeEscalation"`
		ReadOnlyRootFilesystem   bool  `yaml:"readOnlyRootFilesystem"`
		Capabilities             struct{ Drop []string }
	} `yaml:"securityContext"`
	VolumeMounts []struct {
		Name      string
		MountPath string `yaml:"mountPath"`
	} `yaml:"volumeMounts"`
}

type kubeTemplate struct {
	Metadata kubeMeta
	Spec     struct {
		RestartPolicy                string `yaml:"restartPolicy"`
		AutomountServiceAccountToken *bool  `yaml:"automountServiceAccountToken"`
		SecurityContext              struct {
			RunAsNonRoot   bool                  `yaml:"runAsNonRoot"`
			RunAsUser      int64                 `yaml:"runAsUser"`
			SeccompProfile struct{ Type string } `yaml:"seccompProfile"`
		} `yaml:"securityContext"`
		Containers []kubeContainer
		Volumes    []struct {
			Name     string
			EmptyDir *struct {
				SizeLimit string `yaml:"sizeLimit"`
			} `yaml:"emptyDir"`
		}
	}
}

type kubeSelector struct {
	MatchLabels map[string]string `yaml:"matchLabels"`
}

type kubeObject struct {
	APIVersion string `yaml:"apiVersion"`
	Kind       string
	Metadata   kubeMeta
	Spec       struct {
		Replicas     int
		Selector     kubeSelector
		BackoffLimit int `yaml:"backoffLimit"`
		Template     kubeTemplate
		PodSelector  kubeSelector `yaml:"podSelector"`
		PolicyTypes  []string     `yaml:"policyTypes"`
		Egress       []struct {
			To []struct {
				PodSelector kubeSelector `yaml:"podSelector"`
			}
			Ports []struct {
				Protocol string
				Port     int
			}
		}
	}
}

func TestTheKubernetesManifestIsWhatKubernetesTakes(t *testing.T) {
	text, err := os.ReadFile("../../contrib/kubernetes/fearless.yaml")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"Deployment": "apps/v1", "Job": "batch/v1", "NetworkPolicy": "networking.k8s.io/v1"}
	dec := yaml.NewDecoder(bytes.NewReader(text))
	dec.KnownFields(true)
	objects := map[string]kubeObject{}
	for {
		var o kubeObject
		if err := dec.Decode(&o); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if want[o.Kind] != o.APIVersion || !regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`).MatchString(o.Metadata.Name) {
			t.Errorf("%s %s of %s", o.Kind, o.Metadata.Name, o.APIVersion)
		}
		objects[o.Kind] = o
	}
	if len(objects) != len(want) {
		t.Fatalf("%d objects, want %d", len(objects), len(want))
	}
	label := objects["Deployment"].Spec.Selector.MatchLabels["app"]
	if label == "" || objects["Deployment"].Spec.Template.Metadata.Labels["app"] != label || objects["NetworkPolicy"].Spec.PodSelector.MatchLabels["app"] != label {
		t.Errorf("the selectors do not select the workers: %q", label)
	}
	if p := objects["Job"].Spec.Template.Spec.RestartPolicy; p != "OnFailure" && p != "Never" {
		t.Errorf("a Job's restartPolicy is %q", p)
	}
	for _, kind := range []string{"Deployment", "Job"} {
		for _, c := range objects[kind].Spec.Template.Spec.Containers {
			checkKubernetesContainer(t, objects[kind], c)
		}
	}
}

// checkKubernetesContainer starts the container's command here, with an address at
// which nobody listens: it has to come as far as that.
func checkKubernetesContainer(t *testing.T, o kubeObject, c kubeContainer) {
	t.Helper()
	quantity := regexp.MustCompile(`^[0-9]+(Mi|Gi|m)?$`)
	for _, list := range []map[string]string{c.Resources.Requests, c.Resources.Limits} {
		for name, q := range list {
			if !quantity.MatchString(q) {
				t.Errorf("%s: %s of %s", c.Name, q, name)
			}
		}
	}
	for _, m := range c.VolumeMounts {
		found := false
		for _, v := range o.Spec.Template.Spec.Volumes {
			found = found || v.Name == m.Name && v.EmptyDir != nil
		}
		if !found {
			t.Errorf("%s: there is no volume %s", c.Name, m.Name)
		}
	}
	token := false
	for _, e := range c.Env {
		token = token || e.Name == tokenVariable && e.ValueFrom.SecretKeyRef.Name != "" && e.ValueFrom.SecretKeyRef.Key != ""
	}
	if !token {
		t.Errorf("%s has no token", c.Name)
	}
	if len(c.Command) < 2 || c.Command[0] != "fearless" {
		t.Fatalf("%s runs %q", c.Name, c.Command)
	}
	args := strings.Split(strings.ReplaceAll(strings.Join(c.Command[1:], "\x00"), "nats://nats:4222", "nats://127.0.0.1:1"), "\x00")
	call(t, "", args...).wantError(t, exitUsage, "no server")
}
